package io.wavequeue.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureClassifierTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final FailureClassifier classifier = new FailureClassifier(InstantSource.fixed(NOW));

    private static Answer answer(int status, @Nullable String body) {
        return Answer.of(status, null, (body == null ? "" : body).getBytes(StandardCharsets.UTF_8));
    }

    /** Every row: HTTP status, body, what it means for the money. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | {\"code\":200,\"data\":{\"id\":\"abcd1234\",\"status\":\"created\"}}    | Accepted",
                "200 | {\"id\":\"abcd1234\",\"status\":\"created\"}                             | Accepted",
                "500 | {\"code\":500,\"data\":{\"id\":\"abcd1234\"}}                            | Accepted",
                "200 | {\"code\":500,\"message\":\"x\",\"data\":{\"id\":\"abcd1234\"}}          | Accepted",
                "200 | {\"code\":200,\"message\":\"success\",\"data\":null}                     | Uncertain",
                "200 | {\"code\":500,\"message\":\"oops\",\"data\":null}                        | Uncertain",
                "200 | {\"code\":400,\"message\":\"bad\",\"data\":null}                         | Refused",
                "200 | {\"code\":429,\"message\":\"slow\",\"data\":null}                        | Throttled",
                "200 | {\"code\":401,\"message\":\"key\",\"data\":null}                         | AccountTrouble",
                "200 | {\"code\":200,\"data\":{\"id\":\"x\"}}                                   | Uncertain",
                "200 | {\"code\":200,\"data\":{\"id\":\"../../x\"}}                             | Uncertain",
                "200 | {\"code\":200,\"data\":{\"i                                              | Uncertain",
                "200 | ``                                                                       | Uncertain",
                "200 | <html>                                                                   | Uncertain",
                "201 | {}                                                                       | Uncertain",
                "302 | ``                                                                       | Uncertain",
                "400 | {\"code\":400,\"message\":\"field \\\"x\\\" must be one of\"}            | Refused",
                "400 | {\"code\":1407,\"message\":\"no\"}                                       | AccountTrouble",
                "400 | {\"code\":400,\"message\":\"Insufficient credits\"}                      | AccountTrouble",
                "403 | {\"code\":403,\"message\":\"insufficient balance\"}                      | AccountTrouble",
                "400 | {\"error\":\"webhook callback does not support base64 output\"}          | Refused",
                "401 | {\"code\":401}                                                           | AccountTrouble",
                "402 | ``                                                                       | AccountTrouble",
                "403 | ``                                                                       | AccountTrouble",
                "404 | ``                                                                       | Refused",
                "405 | ``                                                                       | Refused",
                "408 | ``                                                                       | Uncertain",
                "409 | ``                                                                       | Uncertain",
                "413 | ``                                                                       | Refused",
                "422 | ``                                                                       | Refused",
                "425 | ``                                                                       | Uncertain",
                "429 | ``                                                                       | Throttled",
                "500 | ``                                                                       | Uncertain",
                "502 | <html>bad gateway</html>                                                 | Uncertain",
                "503 | ``                                                                       | Uncertain",
                "504 | ``                                                                       | Uncertain",
            })
    void shouldTellWhatAnAnswerToAPostMeans(int status, @Nullable String body, String meaning) {
        assertThat(classifier.submit(answer(status, body)).getClass().getSimpleName())
                .isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | {\"data\":{\"status\":\"created\"}}                        | Open",
                "200 | {\"data\":{\"status\":\"processing\",\"code\":5004}}       | Open",
                "200 | {\"data\":{\"status\":\"warming-up\"}}                     | Open",
                "200 | {\"data\":{\"status\":\"completed\",\"outputs\":[\"https://cdn/x.mp3\"]}} | Completed",
                "200 | {\"data\":{\"status\":\"completed\",\"outputs\":[{\"url\":\"https://cdn/x.mp3\"}]}} | Completed",
                "200 | {\"data\":{\"status\":\"completed\",\"outputs\":[]}}       | Failed",
                "200 | {\"data\":{\"status\":\"failed\",\"error\":\"x\"}}         | Failed",
                "200 | {\"data\":{\"status\":\"timeout\"}}                        | Failed",
                "200 | {\"data\":{\"status\":\"cancelled\"}}                      | Failed",
                "200 | {\"data\":{\"status\":\"deleted\"}}                        | Failed",
                "200 | {\"code\":500,\"message\":\"x\",\"data\":null}             | Unreadable",
                "200 | {\"code\":404,\"message\":\"x\",\"data\":null}             | Unknown",
                "200 | ``                                                         | Unreadable",
                "401 | ``                                                         | Unreadable",
                "404 | ``                                                         | Unknown",
                "503 | <html>                                                     | Unreadable",
            })
    void shouldTellWhatAnAnswerToAGetMeans(int status, @Nullable String body, String meaning) {
        assertThat(classifier.prediction(answer(status, body)).getClass().getSimpleName())
                .isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({
        "1200,MODERATED,false", "1400,INVALID_INPUT,false", "1401,INVALID_INPUT,false", "1402,MEDIA_UNREACHABLE,false",
        "1403,PROVIDER_ERROR,true", "1405,PROVIDER_ERROR,true", "1407,OUT_OF_CREDITS,false", "5000,PROVIDER_ERROR,true",
        "5003,PROVIDER_ERROR,true", "5004,PROVIDER_TIMEOUT,true", "0,PROVIDER_ERROR,true", "9999,PROVIDER_ERROR,true",
    })
    void shouldClassTaskCodes(int code, String errorClass, boolean retryable) {
        Prediction seen = classifier.prediction(
                answer(200, "{\"data\":{\"status\":\"failed\",\"error\":\"why\",\"code\":" + code + "}}"));

        assertThat(seen).isInstanceOfSatisfying(Prediction.Failed.class, failed -> {
            assertThat(failed.error().errorClass().name()).isEqualTo(errorClass);
            assertThat(failed.error().retryable()).isEqualTo(retryable);
            assertThat(failed.error().message()).startsWith("why");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"7 | 7", "Sat, 21 Nov 2026 10:00:09 GMT | 9", "Sat, 21 Nov 2026 09:00:00 GMT | 0", "999999 | 600"})
    void shouldHonourRetryAfter(String header, int seconds) {
        assertThat(classifier.submit(Answer.of(429, header, new byte[0])))
                .isEqualTo(new SubmitAnswer.Throttled(Duration.ofSeconds(seconds)));
    }

    @Test
    void shouldTreatAnUnreadableRetryAfterAsAbsent() {
        for (String header : new String[] {"soon", "-3", "", "99999999999999999999"}) {
            assertThat(classifier.submit(Answer.of(429, header, new byte[0])))
                    .as(header)
                    .isEqualTo(new SubmitAnswer.Throttled(null));
        }
    }
}
