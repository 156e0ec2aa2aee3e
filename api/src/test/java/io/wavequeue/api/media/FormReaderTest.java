package io.wavequeue.api.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.api.http.FrontDoor;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.media.FormReader.Part;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormReaderTest {
    private static final String TYPE = "multipart/form-data; boundary=b";
    private static final String HEAD =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n";
    private static final String TAIL = "\r\n--b--\r\n";

    /** Gives as few bytes at a time as a slow network. */
    private static InputStream dripping(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int from, int length) {
                return super.read(to, from, Math.min(length, most));
            }
        };
    }

    private static FormReader form(byte[] body, int most) {
        return FormReader.of(dripping(body, most), TYPE).orElseThrow();
    }

    private static byte[] content(FormReader form) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        form.copyPart(out);
        return out.toByteArray();
    }

    private static byte[] join(String head, byte[] content, String tail) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(content);
        all.writeBytes(tail.getBytes(StandardCharsets.ISO_8859_1));
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000, 100_000})
    void shouldCopyEveryByteWhateverThePieces(int most) throws IOException {
        byte[] clip = new byte[200_000];
        new Random(3).nextBytes(clip);
        byte[] almost = "\r\n--\r\n--a\r\r\n-".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(almost, 0, clip, 65_530, almost.length);
        FormReader form = form(join(HEAD, clip, TAIL), most);
        assertThat(form.file("file")).contains(new Part("file", "a.wav"));
        assertThat(content(form)).isEqualTo(clip);
    }

    @Test
    void shouldPassOtherPartsAndAPreamble() throws IOException {
        String before = "to be ignored\r\n--b  \r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"other\"; filename=\"x\"\r\n\r\n\r\n";
        FormReader form = form(join(before + HEAD, new byte[] {1, 2}, TAIL), 5);
        assertThat(form.file("file")).isPresent();
        assertThat(content(form)).containsExactly(1, 2);
    }

    @Test
    void shouldReadNamesWithoutQuotesAndInAnyOrder() throws IOException {
        String head =
                "--b\r\ncontent-type: audio/wav\r\nCONTENT-DISPOSITION: form-data;filename=ä.wav;name=file\r\n\r\n";
        FormReader form = form(join("", head.getBytes(StandardCharsets.UTF_8), "x" + TAIL), 9);
        assertThat(form.file("file")).contains(new Part("file", "ä.wav"));
    }

    @Test
    void shouldFindNothingWhenNoPartIsAFileOfTheName() throws IOException {
        String text = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx";
        assertThat(form(join(text, new byte[0], TAIL), 9).file("file")).isEmpty();
        assertThat(form("--b--".getBytes(StandardCharsets.US_ASCII), 9).file("file"))
                .isEqualTo(Optional.empty());
    }

    @Test
    void shouldRefuseTheFormWhereverItIsCut() {
        byte[] whole = join(HEAD, new byte[20], "\r\n--b");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> {
                        FormReader form = form(cut, 11);
                        form.file("file");
                        form.copyPart(new ByteArrayOutputStream());
                    })
                    .isInstanceOf(BrokenFormException.class);
        }
    }

    @Test
    void shouldRefuseAHeadWithoutEndAndPartsWithoutEnd() {
        assertThatThrownBy(() -> form(
                                join("--b\r\n", "x: y\r\n".repeat(5_000).getBytes(StandardCharsets.US_ASCII), ""),
                                4_000)
                        .file("file"))
                .isInstanceOf(BrokenFormException.class);
        assertThatThrownBy(() -> form("--b\r\n\r\n\r\n".repeat(200).getBytes(StandardCharsets.US_ASCII), 4_000)
                        .file("file"))
                .isInstanceOf(BrokenFormException.class);
    }

    @Test
    void shouldRefuseTheFormWhenItsPartsAreLongerTogetherThanAnyMayBe() {
        byte[] head = "--b\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        AtomicLong read = new AtomicLong();
        InputStream tooLong = new SequenceInputStream(new ByteArrayInputStream(head), new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] to, int from, int length) {
                return read.addAndGet(length) > 2 * FrontDoor.MOST_BYTES ? -1 : length;
            }
        });

        assertThatThrownBy(() -> FormReader.of(tooLong, TYPE).orElseThrow().file("file"))
                .isInstanceOf(ProblemException.class)
                .hasMessage("at most 54,525,952 bytes may be sent here");
        assertThat(read.get()).isBetween(FrontDoor.MOST_BYTES - head.length, FrontDoor.MOST_BYTES + 64 * 1024);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"",
                "multipart/form-data; boundary=\"\"",
                "multipart/form-data; xboundary=b"
            })
    void shouldFindNoFormWhenNoBoundaryIsNamed(String contentType) {
        assertThat(FormReader.of(InputStream.nullInputStream(), contentType)).isEmpty();
    }
}
