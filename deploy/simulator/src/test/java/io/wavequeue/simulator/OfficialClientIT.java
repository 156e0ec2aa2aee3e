package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.OfficialClient.Outcome;
import io.wavequeue.simulator.account.Ledger;
import io.wavequeue.simulator.audio.AudioFiles;
import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.simulator.audio.AudioParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official npm client, unchanged, finds nothing odd about the simulator; and when something goes wrong, what it throws
 * and what the ledger says are what is known of the real service.
 */
final class OfficialClientIT {
    private static final String MUSIC_USD = "0.021700";
    private static final JsonNode SONG = TestClient.read(TestClient.SONG);
    private static final List<String> TOLD = new ArrayList<>();

    private static OfficialClient official;

    private final Simulator simulator = Simulator.start(SimulatorConfig.defaults());
    private final TestClient client = new TestClient(simulator);
    private String scenario = "";

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        official = OfficialClient.start();
    }

    @AfterAll
    static void tell() throws IOException {
        if (official != null) {
            official.close();
            TOLD.addFirst(line("what happens", "what the client does", "POSTs", "polls", "accepted", "charged USD"));
            System.out.println(String.join("\n", TOLD));
            Files.write(Path.of("target", "official-client", "scenarios.txt"), TOLD);
        }
    }

    @BeforeEach
    void name(TestInfo test) {
        scenario = test.getDisplayName();
    }

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Nested
    final class Works {

        /** The inputs are those of the five model pages. ACE-Step's sample lacks the two fields that its table requires. */
        @ParameterizedTest(name = "run {0}", quoteTextArguments = false)
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            stability-ai/stable-audio-3/audio-outpainting | 'extend_seconds_before':0,'extend_seconds_after':5 | 0.044600
            stability-ai/stable-audio-3/audio-inpainting  | 'mask_start_seconds':0,'mask_end_seconds':5        | 0.044200
            stability-ai/stable-audio-3/audio-to-audio    | 'duration':30,'init_noise_level':0.9               | 0.024000
            stability-ai/stable-audio-3/music             | 'duration':30                                      | 0.021700
            wavespeed-ai/ace-step/audio-outpaint          | 'extend_before_duration':0,'extend_after_duration':30,'lyrics':'','seed':-1 | 0.006000
            """)
        void shouldRunTheModel(String model, String fields, String usd) {
            String common = model.startsWith("wavespeed-ai/")
                    ? "'tags':'lofi, chill'"
                    : "'prompt':'A cinematic shot of a city at sunset, soft golden light',"
                            + "'negative_prompt':'blurry, low quality, distorted',"
                            + "'num_inference_steps':8,'guidance_scale':1,'output_format':'mp3'";
            String source = model.endsWith("/music") ? "" : "'audio':'https://example.com/your-audio.mp3',";
            Outcome ran = run(model, json("{" + source + fields + "," + common + "}"));
            assertThat(ran.thrown()).isEmpty();
            assertThat(ran.value().path("outputs")).hasSize(1);
            assertThat(magic(download(ran))).isEqualTo("mp3");
            assertAccepted(1, usd);
            assertThat(simulator.ledger().entries())
                    .allMatch(entry -> entry.status().equals("completed"));
        }

        @ParameterizedTest(name = "output_format {0}", quoteTextArguments = false)
        @ValueSource(strings = {"mp3", "wav", "flac", "ogg", "opus", "m4a", "aac"})
        void shouldGiveAudioInTheFormatAskedFor(String format) {
            Outcome ran =
                    run(TestClient.MUSIC, json("{'prompt':'a song','duration':2,'output_format':'" + format + "'}"));
            byte[] audio = download(ran);
            assertThat(magic(audio)).isEqualTo(format.equals("opus") ? "ogg" : format);
            switch (format) {
                case "wav" -> assertThat(AudioParser.wav(audio).seconds()).isEqualTo(2);
                case "flac" -> assertThat(AudioParser.flac(audio).seconds()).isEqualTo(2);
                default -> assertThat(audio).hasSizeGreaterThan(8_000);
            }
        }

        @ParameterizedTest(name = "base URL ends in \"{0}\"", quoteTextArguments = false)
        @ValueSource(strings = {"", "/", "//"})
        void shouldReachTheServerHoweverItsAddressEnds(String end) {
            Outcome ran = official.run(simulator.baseUrl() + end, "any", TestClient.MUSIC, SONG);
            tell(ran);
            assertThat(ran.thrown()).isEmpty();
            assertAccepted(1, MUSIC_USD);
        }

        @Test
        @DisplayName("run in sync mode")
        void shouldRunInSyncMode() {
            simulator.set("latency", "fixed:100");
            Outcome ran = official.runInSyncMode(simulator.baseUrl(), "any", TestClient.MUSIC, SONG);
            tell(ran);
            assertThat(magic(download(ran))).isEqualTo("mp3");
            assertThat(simulator.stats().requests()).doesNotContainKey("result");
            assertAccepted(1, MUSIC_USD);
        }

        @ParameterizedTest(name = "run in sync mode that ends first, as {0}", quoteTextArguments = false)
        @CsvSource({"5004, WavespeedSyncTimeoutException: Sync mode timed out", "504, WavespeedSubmissionException: "})
        void shouldThrowWhenSyncModeEndsFirst(String end, String thrown) {
            simulator.set("sync_end", end);
            simulator.set("sync_wait", "50ms");
            simulator.set("latency", "fixed:60000");
            Outcome ran = official.runInSyncMode(simulator.baseUrl(), "any", TestClient.MUSIC, SONG);
            tell(ran);
            assertThat(ran.thrown()).startsWith(thrown);
            assertAccepted(1, MUSIC_USD);
        }

        @Test
        @DisplayName("upload a clip and use it")
        void shouldUploadAClipAndUseIt(@TempDir Path folder) throws IOException {
            Path clip = clip(folder);
            String url =
                    official.upload(simulator.baseUrl(), "any", clip).value().asText();
            assertThat(client.get(url).response().body()).isEqualTo(Files.readAllBytes(clip));
            Outcome ran = run(
                    "stability-ai/stable-audio-3/audio-outpainting",
                    json("{'audio':'" + url + "','prompt':'on','extend_seconds_after':2,'output_format':'wav'}"));
            // 2 s after a source of 3 s: the simulator read the upload
            assertThat(AudioParser.wav(download(ran)).seconds()).isEqualTo(5);
            assertAccepted(1, "0.044600");
        }
    }

    /** Each is one POST, whatever comes of it; {@code accepted} is what the ledger charges. */
    @Nested
    final class SubmitFails {

        @ParameterizedTest(name = "submit, {0}", quoteTextArguments = false)
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            key refused               | key=the-right-one                             | HTTP 401: {"code":401
            no credit, 402            | balance=0.01                                  | HTTP 402: {"code":402
            no credit, 400 with 1407  | balance=0.01 insufficient_balance=1407        | HTTP 400: {"code":1407
            no credit, 403            | balance=0.01 insufficient_balance=403         | HTTP 403: {"code":403
            """)
        void shouldThrowAndNotChargeByTheAccount(String what, String settings, String message) {
            Pattern.compile("(\\w+)=(\\S+)")
                    .matcher(settings)
                    .results()
                    .forEach(setting -> simulator.set(setting.group(1), setting.group(2)));
            assertThat(run(TestClient.MUSIC, SONG).thrown())
                    .startsWith("WavespeedSubmissionException: ")
                    .contains(message);
            assertOnePost(0);
        }

        @ParameterizedTest(name = "submit, {0}", quoteTextArguments = false)
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            prompt missing      | stability-ai/stable-audio-3/music | {}                                   | HTTP 400
            duration too long   | stability-ai/stable-audio-3/music | {'prompt':'x','duration':121}        | HTTP 400
            unknown format      | stability-ai/stable-audio-3/music | {'prompt':'x','output_format':'wax'} | HTTP 400
            model unknown       | stability-ai/stable-audio-3/polka | {'prompt':'x'}                       | HTTP 404
            """)
        void shouldThrowAndNotChargeByTheInput(String what, String model, String input, String message) {
            assertThat(run(model, json(input)).thrown())
                    .startsWith("WavespeedSubmissionException: ")
                    .contains(message);
            assertOnePost(0);
        }

        @Test
        @DisplayName("submit, twice at one a minute")
        void shouldThrowAboveTheLimitAndNotChargeAgain() {
            simulator.set("submits_per_minute", "1");
            assertThat(run(TestClient.MUSIC, SONG).thrown()).isEmpty();
            assertThat(run(TestClient.MUSIC, SONG).thrown())
                    .startsWith("WavespeedSubmissionException: ")
                    .contains("HTTP 429: {\"code\":429,\"message\":\"Too Many Requests\"}");
            assertThat(simulator.stats().submitsReceived()).isEqualTo(2);
            assertAccepted(1, MUSIC_USD);
        }

        @ParameterizedTest(name = "submit, {0}", quoteTextArguments = false)
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            429 with Retry-After        | before_accept | 'action':'status','status':429,'retry_after':1 | WavespeedSubmissionException | HTTP 429               | 0
            429 without Retry-After     | before_accept | 'action':'status','status':429              | WavespeedSubmissionException | HTTP 429               | 0
            500, not accepted           | before_accept | 'action':'status','status':500              | WavespeedSubmissionException | HTTP 500               | 0
            502, not accepted           | before_accept | 'action':'status','status':502              | WavespeedSubmissionException | HTTP 502               | 0
            503 HTML, not accepted      | before_accept | 'action':'html','status':503                | WavespeedSubmissionException | HTTP 503: <html>       | 0
            504, not accepted           | before_accept | 'action':'status','status':504              | WavespeedSubmissionException | HTTP 504               | 0
            dropped, not accepted       | before_accept | 'action':'drop'                             | WavespeedSubmissionException | fetch failed           | 0
            reset, not accepted         | before_accept | 'action':'reset'                            | WavespeedSubmissionException | fetch failed           | 0
            500, accepted               | after_accept  | 'action':'status','status':500              | WavespeedSubmissionException | HTTP 500               | 1
            502, accepted               | after_accept  | 'action':'status','status':502              | WavespeedSubmissionException | HTTP 502               | 1
            503 HTML, accepted          | after_accept  | 'action':'html','status':503                | WavespeedSubmissionException | HTTP 503: <html>       | 1
            504, accepted               | after_accept  | 'action':'status','status':504              | WavespeedSubmissionException | HTTP 504               | 1
            dropped, accepted           | after_accept  | 'action':'drop'                             | WavespeedSubmissionException | fetch failed           | 1
            reset, accepted             | after_accept  | 'action':'reset'                            | WavespeedSubmissionException | fetch failed           | 1
            cut off, accepted           | after_accept  | 'action':'cut'                              | TypeError                    | terminated             | 1
            200 empty, accepted         | after_accept  | 'action':'empty'                            | SyntaxError                  | Unexpected end of JSON | 1
            200 HTML, accepted          | after_accept  | 'action':'html'                             | SyntaxError                  | is not valid JSON      | 1
            200 cut JSON, accepted      | after_accept  | 'action':'cut_json'                         | SyntaxError                  | JSON                   | 1
            200 data null, accepted     | after_accept  | 'action':'null_data'                        | WavespeedSubmissionException | No request ID          | 1
            200 code 500, accepted      | after_accept  | 'action':'envelope','code':500              | WavespeedSubmissionException | No request ID          | 1
            """)
        void shouldThrowAfterOnePost(
                String what, String phase, String fault, String thrown, String message, int accepted) {
            order(phase, fault);
            assertThat(run(TestClient.MUSIC, SONG).thrown())
                    .startsWith(thrown + ": ")
                    .contains(message);
            assertOnePost(accepted);
        }

        @Test
        @DisplayName("submit, 200 code 500 with data, accepted")
        void shouldNotSeeACodeThatComesWithAnId() {
            order("after_accept", "'action':'envelope','code':500,'with_data':true");
            assertThat(run(TestClient.MUSIC, SONG).thrown()).isEmpty();
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
            assertAccepted(1, MUSIC_USD);
        }

        private void assertOnePost(int accepted) {
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
            assertThat(simulator.stats().requests()).doesNotContainKey("result");
            assertAccepted(accepted, accepted == 0 ? "0.000000" : MUSIC_USD);
        }
    }

    /** All of them are accepted and charged once; {@code polls} is how often the client asked. */
    @Nested
    final class PollFails {

        @ParameterizedTest(name = "poll, {0}", quoteTextArguments = false)
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            404                        | 'action':'status','status':404                            | Error: Failed to get result           | 1
            401                        | 'action':'status','status':401                            | Error: Failed to get result           | 1
            429 with Retry-After 60    | 'action':'status','status':429,'retry_after':60,'times':2 | completed                             | 3
            429 without Retry-After    | 'action':'status','status':429,'times':2                  | completed                             | 3
            500                        | 'action':'status','status':500,'times':2                  | completed                             | 3
            502                        | 'action':'status','status':502,'times':2                  | completed                             | 3
            503 HTML                   | 'action':'html','status':503,'times':2                    | completed                             | 3
            504                        | 'action':'status','status':504,'times':2                  | completed                             | 3
            503, six in a row          | 'action':'status','status':503,'times':6                  | Error: Failed to get result           | 6
            dropped                    | 'action':'drop','times':2                                 | completed                             | 3
            reset                      | 'action':'reset','times':2                                | completed                             | 3
            cut off                    | 'action':'cut'                                            | TypeError: terminated                 | 1
            200 empty                  | 'action':'empty'                                          | SyntaxError: Unexpected end of JSON   | 1
            200 cut JSON               | 'action':'cut_json'                                       | SyntaxError:                          | 1
            200 data null              | 'action':'null_data'                                      | completed                             | 2
            200 code 500               | 'action':'envelope','code':500                            | completed                             | 2
            unknown status queued      | 'action':'show_status','value':'queued','times':3         | completed                             | 4
            """)
        void shouldPollOnOrThrow(String what, String fault, String outcome, long polls) {
            order("poll", fault);
            assertThat(run(TestClient.MUSIC, SONG).text()).startsWith(outcome);
            assertPolledAndCharged(polls);
        }

        @ParameterizedTest(name = "prediction ends {0}", quoteTextArguments = false)
        @ValueSource(strings = {"cancelled", "timeout", "deleted"})
        void shouldThrowWhenThePredictionEndsSo(String status) {
            order("prediction", "'action':'end','value':'" + status + "'");
            assertThat(run(TestClient.MUSIC, SONG).thrown())
                    .matches("Error: Prediction failed \\(task_id: [0-9a-f]{32}\\): the prediction ended as " + status);
            assertPolledAndCharged(1);
            assertThat(simulator.ledger().entries().getFirst().status()).isEqualTo(status);
        }

        @ParameterizedTest(name = "prediction fails with {0}", quoteTextArguments = false)
        @CsvSource({
            "1200, the content was refused by moderation",
            "1400, a required parameter is missing",
            "1401, a parameter is invalid",
            "1402, the media could not be fetched",
            "1403, the task's execution failed",
            "1405, the task failed",
            "5000, internal error",
            "5003, the service is unavailable",
            "5004, the task timed out"
        })
        void shouldThrowWhenThePredictionFails(int code, String message) {
            order("prediction", "'action':'fail','code':" + code);
            assertThat(run(TestClient.MUSIC, SONG).thrown())
                    .startsWith("Error: Prediction failed (task_id: ")
                    .endsWith(message);
            assertPolledAndCharged(1);
            assertThat(simulator.ledger().entries().getFirst().status()).isEqualTo("failed");
        }

        private void assertPolledAndCharged(long polls) {
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
            assertThat(simulator.stats().requests()).containsEntry("result", polls);
            assertAccepted(1, MUSIC_USD);
        }
    }

    @Nested
    final class UploadFails {

        @ParameterizedTest(name = "upload, {0}", quoteTextArguments = false)
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ticket refused, 429   | before_accept | 'endpoint':'upload_ticket','action':'status','status':429 | Failed to upload file: HTTP 429
            ticket refused, 500   | before_accept | 'endpoint':'upload_ticket','action':'status','status':500 | Failed to upload file: HTTP 500
            ticket 200 code 500   | after_accept  | 'endpoint':'upload_ticket','action':'envelope','code':500 | Upload failed: simulated fault
            ticket 200 data null  | after_accept  | 'endpoint':'upload_ticket','action':'null_data'           | Upload failed: no download_url in response
            PUT refused, 403      | before_accept | 'endpoint':'upload_put','action':'status','status':403    | Failed to upload file: HTTP 403
            PUT refused, 503      | before_accept | 'endpoint':'upload_put','action':'status','status':503    | Failed to upload file: HTTP 503
            """)
        void shouldThrow(String what, String phase, String fault, String message, @TempDir Path folder)
                throws IOException {
            order(phase, fault);
            Outcome uploaded = official.upload(simulator.baseUrl(), "any", clip(folder));
            tell(uploaded);
            assertThat(uploaded.thrown()).startsWith("Error: " + message);
            assertAccepted(0, "0.000000");
        }
    }

    private Outcome run(String model, JsonNode input) {
        Outcome outcome = official.run(simulator.baseUrl(), "any", model, input);
        tell(outcome);
        return outcome;
    }

    private void tell(Outcome outcome) {
        Ledger.Totals totals = simulator.totals();
        TOLD.add(line(
                scenario,
                outcome.text()
                        .replace("Prediction submission failed: ", "")
                        .replaceAll("\\s+", " ")
                        .replaceAll("[0-9a-f]{32}", "ID"),
                simulator.stats().submitsReceived(),
                simulator.stats().requests().getOrDefault("result", 0L),
                totals.accepted(),
                totals.chargedUsd()));
    }

    private static String line(Object what, String does, Object posts, Object polls, Object accepted, Object usd) {
        String shown = does.length() > 90 ? does.substring(0, 89) + "…" : does;
        return "%-52s %-90s %5s %5s %8s %11s".formatted(what, shown, posts, polls, accepted, usd);
    }

    private void assertAccepted(int count, String usd) {
        Ledger.Totals totals = simulator.totals();
        assertThat(totals.accepted()).isEqualTo(count);
        assertThat(totals.chargedUsd()).isEqualByComparingTo(usd);
    }

    private void order(String phase, String fault) {
        assertThat(client.order(("{'phase':'" + phase + "'," + fault + "}").replace('\'', '"'))
                        .status())
                .isEqualTo(200);
    }

    private byte[] download(Outcome ran) {
        return client.get(ran.value().path("outputs").path(0).asText())
                .response()
                .body();
    }

    private static Path clip(Path folder) throws IOException {
        return Files.write(
                folder.resolve("clip.wav"), new AudioFiles().make(AudioFormat.WAV, "a clip", new BigDecimal(3)));
    }

    private static JsonNode json(String text) {
        return TestClient.read(text.replace('\'', '"'));
    }

    /** The format that a file's first bytes tell, those after an ID3 tag where it has one. */
    private static String magic(byte[] file) {
        int tag = 10 + ((file[6] << 21) | (file[7] << 14) | (file[8] << 7) | file[9]);
        int at = text(file, 0, 3).equals("ID3") ? tag : 0;
        int sync = ByteBuffer.wrap(file).getShort(at);
        if ((sync & 0xfff6) == 0xfff0) {
            return "aac";
        }
        if ((sync & 0xffe6) == 0xffe2) {
            return "mp3";
        }
        return switch (text(file, at, 4)) {
            case "RIFF" -> "wav";
            case "fLaC" -> "flac";
            case "OggS" -> "ogg";
            default -> text(file, at + 4, 4).equals("ftyp") ? "m4a" : "unknown";
        };
    }

    private static String text(byte[] file, int at, int length) {
        return new String(file, at, length, StandardCharsets.ISO_8859_1);
    }
}
