package io.wavequeue.api.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.api.http.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodyStreamTest {
    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldHashAllOfItWhenAPartWasRead() throws IOException {
        BodyStream body = new BodyStream(bytes("abc"), 3);

        assertThat(body.read()).isEqualTo('a');
        assertThat(body.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void shouldNameTheLimitWhenMoreComesThanWasAnnounced() {
        assertThatThrownBy(() -> new BodyStream(bytes("abcd"), 3).readAllBytes())
                .isInstanceOf(ProblemException.class)
                .hasMessage("a file of jobs may have at most 3 bytes");
    }

    @Test
    void shouldSayThatTheBodyIsNotWholeWhenItBreaksOff() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };
        assertThatThrownBy(() -> new BodyStream(broken, 3).readAllBytes())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("before its announced length");
    }
}
