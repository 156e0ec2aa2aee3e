package io.wavequeue.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextRulesTest {
    @Nested
    class Text {
        @Test
        void shouldSayWhichCharacterIsWrongAndWhere() {
            assertThat(TextCheck.problem("ab\u0000"))
                    .contains("contains the control character U+0000 at position 3; of these only line breaks and tabs"
                            + " are allowed");
            assertThat(TextCheck.problem("\udc00"))
                    .contains("contains half of a surrogate pair (U+DC00) at position 1, which is not text");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "a\tb\r\nc", "🎵", "łódź \u200d\u00a0"})
        void shouldFindNothingWhenTheTextIsPlain(String text) {
            assertThat(TextCheck.problem(text)).isEmpty();
        }
    }

    @Nested
    class Nearest {
        private static final List<String> NAMES = List.of("prompt", "negative_prompt", "output_format", "seed");

        @ParameterizedTest
        @CsvSource({
            "promt, prompt",
            "prompt_, prompt",
            "porompt, prompt",
            "rpompt, prompt",
            "PROMPT, prompt",
            "negative-prompt, negative_prompt",
            "negativeprompt, negative_prompt",
            "format, output_format",
            "sede, seed",
        })
        void shouldFindWhatWasMeant(String given, String meant) {
            assertThat(NearestName.of(given, NAMES)).contains(meant);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "x", "audio", "lyrics"})
        void shouldFindNothingWhenNothingIsNear(String given) {
            assertThat(NearestName.of(given, NAMES)).isEmpty();
            assertThat(NearestName.of(given, List.of())).isEmpty();
        }

        @Test
        void shouldFindNothingWhenTheNameIsEndless() {
            assertThat(NearestName.of("prompt".repeat(100_000), NAMES)).isEmpty();
        }
    }

    @Nested
    class Audio {
        private static final String DIGEST = "0123456789abcdef".repeat(4);

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "https://example.com/a.wav",
                    "http://127.0.0.1:8080/a?b=c&d=%20#e",
                    "HTTPS://Example.com",
                    "https://user:pass@[::1]:9/x",
                    "https://a_bucket.example.com/ł.mp3",
                })
        void shouldAcceptWhenItIsAWebAddress(String url) {
            assertThat(AudioSource.problem(url)).isEmpty();
            assertThat(AudioSource.mediaSha256(url)).isEmpty();
        }

        @Test
        void shouldGiveTheDigestWhenItIsAMediaReference() {
            assertThat(AudioSource.problem("media:sha256:" + DIGEST)).isEmpty();
            assertThat(AudioSource.mediaSha256("media:sha256:" + DIGEST)).contains(DIGEST);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a.wav",
                    "/tmp/a.wav",
                    "file:///a.wav",
                    "ftp://example.com/a",
                    "data:audio/wav;base64,AA==",
                    "javascript:alert(1)",
                    "https:",
                    "https:///a.wav",
                    "https://",
                    "https:example.com/a",
                    "https://:80/a",
                    "https://example.com:99999/a",
                    "https://example.com/a b.wav",
                    " https://example.com/a.wav",
                    "https://example.com/%zz",
                    "media:sha256:" + "0123",
                    "media:sha256:ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789",
                    "media:md5:0123456789abcdef",
                    "MEDIA:sha256:0123",
                })
        void shouldRefuseWhenItIsAnythingElse(String value) {
            assertThat(AudioSource.problem(value)).isPresent();
            assertThat(Inputs.errors(
                            Inputs.ACE_STEP, Inputs.valid(Inputs.ACE_STEP).put("audio", value)))
                    .singleElement()
                    .asString()
                    .startsWith("audio: \"");
        }

        @Test
        void shouldSayWhatIsWrongWhenItIsRefused() {
            assertThat(AudioSource.problem("https://example.com/a b.wav"))
                    .contains("is not a URL (Illegal character in path at position 22); allowed: an http or https URL,"
                            + " or media:sha256: and 64 lower-case hex digits");
            assertThat(AudioSource.problem("media:sha256:" + DIGEST + "0"))
                    .contains("is not a media reference; it must be media:sha256: and 64 lower-case hex digits");
        }
    }
}
