package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the database makes of messages: one pattern for one cause. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailurePatternIT {
    private static final String HEX = "2e0c106a247a4beca3f20bdfc2928f77";
    private static final String OTHER_HEX = "9999999999999999abcdefabcdef0001";
    private static final String UUID = "01a1fe93-d73c-7de8-8d51-73729471e5d5";
    private static final String SHA256 = HEX + OTHER_HEX;

    /** Messages as the workers, the provider and its simulator write them, by the pattern that they must have. */
    private static final Map<String, List<String>> MESSAGES = new LinkedHashMap<>();

    static {
        MESSAGES.put(
                "prediction <id> did not end within <n> s; it may still end and is paid",
                List.of(
                        "prediction " + HEX + " did not end within 3600 s; it may still end and is paid",
                        "prediction " + UUID + " did not end within 60 s; it may still end and is paid",
                        "prediction p-made-2 did not end within 0.5 s; it may still end and is paid"));
        MESSAGES.put(
                "the provider does not know prediction <id> (404)",
                List.of(
                        "the provider does not know prediction " + HEX + " (404)",
                        "the provider does not know prediction pred_7-Xy (404)"));
        MESSAGES.put(
                "the outputs of prediction <id> cannot be recorded",
                List.of(
                        "the outputs of prediction " + HEX + " cannot be recorded",
                        "the outputs of prediction " + OTHER_HEX + " cannot be recorded"));
        MESSAGES.put(
                "the prediction completed without an output URL",
                List.of("the prediction completed without an output URL"));
        MESSAGES.put(
                "the provider gave the prediction id <id>, which cannot be recorded for this job: it may have been charged",
                List.of("the provider gave the prediction id ab12_x-y,"
                        + " which cannot be recorded for this job: it may have been charged"));
        MESSAGES.put(
                "it may have been charged: <n> predictions of the provider may be its own (<id>); adopt one, resubmit or abandon",
                List.of(
                        "it may have been charged: 1 predictions of the provider may be its own (" + HEX
                                + "); adopt one, resubmit or abandon",
                        "it may have been charged: 7 predictions of the provider may be its own (" + HEX + ", "
                                + OTHER_HEX + ", …); adopt one, resubmit or abandon"));
        MESSAGES.put(
                "the clip <id> is not known here",
                List.of(
                        "the clip media:sha256:" + SHA256 + " is not known here",
                        "the clip media:sha256:" + OTHER_HEX + HEX + " is not known here"));
        MESSAGES.put(
                "the file of the clip <id> is gone from the media folder",
                List.of("the file of the clip media:sha256:" + SHA256 + " is gone from the media folder"));
        MESSAGES.put(
                "the provider refused the request (400): field \"duration\" must be between <n> and <n>",
                List.of(
                        "the provider refused the request (400): field \"duration\" must be between 1 and 380",
                        "the provider refused the request (400): field \"duration\"  must be between -0.5 and 1,000"));
        MESSAGES.put(
                "the provider refused the request (422): field \"duration\" must be between <n> and <n>",
                List.of("the provider refused the request (422): field \"duration\" must be between 1 and 380"));
        MESSAGES.put(
                "the provider refused the request (400): field \"seed\" must be between <n> and <n>",
                List.of("the provider refused the request (400): field \"seed\" must be between 1 and 380"));
        MESSAGES.put(
                "the content was refused by moderation (code 1200)",
                List.of("the content was refused by moderation (code 1200)"));
        MESSAGES.put("internal error (code 5000)", List.of("internal error (code 5000)"));
        MESSAGES.put("simulated fault (code 5000)", List.of("simulated fault (code 5000)"));
        MESSAGES.put("simulated fault (code 5003)", List.of("simulated fault (code 5003)"));
        MESSAGES.put(
                "could not fetch field \"audio\": host \"a7.invalid\" cannot be resolved (code 1402)",
                List.of("could not fetch field \"audio\": host \"a7.invalid\" cannot be resolved (code 1402)"));
        MESSAGES.put(
                "could not fetch <url>: HTTP 403 (code 1402)",
                List.of(
                        "could not fetch https://cdn.example/a/7.wav?sig=" + HEX + ": HTTP 403 (code 1402)",
                        "could not fetch s3://clips/forest.wav: HTTP 403 (code 1402)"));
        MESSAGES.put(
                "could not fetch <url>: HTTP 404 (code 1402)",
                List.of("could not fetch https://cdn.example/b.wav: HTTP 404 (code 1402)"));
        MESSAGES.put(
                "the provider answered 503 without a prediction id: it may have been charged",
                List.of("the provider answered 503 without a prediction id: it may have been charged"));
        MESSAGES.put(
                "no answer within <n> s: it may have been charged",
                List.of(
                        "no answer within 120 s: it may have been charged",
                        "no answer within 5 s: it may have been charged"));
        MESSAGES.put(
                "CUDA out of memory on <n> of worker <id>: <n>GiB of <n> at <n>",
                List.of(
                        "CUDA out of memory on 10.0.0.1:8080 of worker 8f3a9c2d: 2.50GiB of 79.15 at 2026-01-31T18:30:00.5Z",
                        "CUDA out of memory on 10.0.12.7:80 of worker a1b2c3d4e5: 16GiB of 80 at 2026-02-01T00:00:00+01:00"));
        MESSAGES.put("stable-audio-3 makes no mp3 at <n>kHz", List.of("stable-audio-3 makes no mp3 at 44.1kHz"));
        MESSAGES.put(
                "it cannot be carried on: its \\ is missing", List.of("it cannot be carried on: its \\ is missing"));
    }

    private final StoreFixture store = new StoreFixture();

    @AfterAll
    void close() {
        store.close();
    }

    @Test
    void shouldKnowACauseByItsMessage() {
        Set<String> fingerprints = new HashSet<>();
        MESSAGES.forEach((pattern, messages) -> {
            assertThat(messages)
                    .allSatisfy(message -> assertThat(pattern(message)).isEqualTo(pattern));
            assertThat(messages.stream().map(message -> fingerprint("'internal', 'm/a'", message)))
                    .containsOnly(fingerprint("'internal', 'm/a'", pattern));
            fingerprints.add(fingerprint("'internal', 'm/a'", pattern));
        });
        assertThat(fingerprints).hasSameSizeAs(MESSAGES.keySet()).allMatch(found -> found.matches("[0-9a-f]{16}"));

        assertThat(List.of(
                        fingerprint("'internal', 'm/a'", "x"),
                        fingerprint("'internal', 'm/b'", "x"),
                        fingerprint("'provider_error', 'm/a'", "x")))
                .doesNotHaveDuplicates();
    }

    /** Messages are cut at 500 characters, wherever that is when an id was long. */
    @Test
    void shouldNotLookAtTheEndOfAMessageThatWasCut() {
        String text = " found nothing but one more reason for it".repeat(20);
        assertThat(pattern(("prediction " + HEX + text).substring(0, 500)))
                .isEqualTo(pattern(("prediction p-1" + text).substring(0, 500)));
    }

    private String pattern(String message) {
        return store.text("select failure_pattern('" + message + "')");
    }

    private String fingerprint(String ofClassAndModel, String message) {
        return store.text("select failure_fingerprint(" + ofClassAndModel + ", '" + message + "')");
    }
}
