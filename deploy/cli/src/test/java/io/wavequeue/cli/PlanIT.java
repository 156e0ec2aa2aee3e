package io.wavequeue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.cli.FakeApi.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanIT extends AtFakeApi {

    private static final String COUNTS = """
            "lines":4,"jobs":4,"estimated_usd":0.086801,"unknown_price":1,"new":3,"changed":1,"unchanged":7,"retake":1,
            "reused":1,"orphaned":1,"expected_seconds":125,"balance_usd":12.5,"budget_usd":0.08,"created_at":"x","batch_id":null,
            "by_model":[{"model":"x/music","jobs":3,"estimated_usd":0.0651},{"model":"x/inpaint","jobs":1,"estimated_usd":0.021701}]""";

    private FakeLibrary library;

    @BeforeEach
    void start() throws IOException {
        library = new FakeLibrary(api).plan(COUNTS);
        Files.writeString(folder.resolve("sfx.csv"), "reference,model,prompt\nmenu,x/music,harp\n");
    }

    private FakeLibrary withItems() {
        return library.item(
                        "{\"line\":2,\"reference\":\"menu\",\"take\":1,\"action\":\"new\",\"estimated_usd\":0.0217,\"key\":\"k1\"}")
                .item(
                        "{\"line\":3,\"reference\":\"door\",\"take\":2,\"action\":\"changed\",\"reason\":\"inputs differ\","
                                + "\"estimated_usd\":null,\"key\":\"k2\"}")
                .item(
                        "{\"line\":null,\"reference\":\"old\",\"take\":1,\"action\":\"orphaned\",\"estimated_usd\":null}");
    }

    @Test
    void shouldShowWhatWouldBeMadeAndForHowMuchWhenSomethingChanged() {
        withItems();
        assertThat(run("plan", "sfx.csv", "--label", "game=my demo", "--exit-code"))
                .isEqualTo(ExitCode.CHANGES);
        assertThat(shell.out()).isEqualTo("""
                library sfx: 4 lines, 12 takes
                  3 new, 1 changed, 7 unchanged, 1 to be retaken, 1 orphaned
                  1 of the new and changed ones are archived already and cost nothing

                  new       line 2      menu #1                         $0.0217
                  changed   line 3      door #2                         price unknown  inputs differ
                  and 3 more; --all lists them
                no longer in the manifest; they stay in the library:
                  orphaned              old #1

                model      jobs  price USD
                --------------------------
                x/music       3   0.065100
                x/inpaint     1   0.021701
                --------------------------
                total         4   0.086801

                price     $0.086801, and nobody knows that of 1 job
                balance   $12.50
                budget    $0.08: $0.006801 short; what it does not cover is held
                expected  about 2 min

                Apply it with:
                  wavequeue apply sfx.csv --label 'game=my demo' --plan 0198f7a0-0000-7000-8000-000000000001
                """);
        assertThat(shell.err()).isEmpty();
        assertThat(api.requests("POST /v1/batches")).singleElement().satisfies(sent -> {
            assertThat(sent.target()).isEqualTo("/v1/batches?name=sfx&dry_run=true");
            assertThat(sent.headers()).containsEntry("content-type", "text/csv").doesNotContainKey("idempotency-key");
            assertThat(sent.body())
                    .isEqualTo("reference,model,prompt,output,labels.game\n"
                            + "menu,x/music,harp,{reference}.{ext},my demo\n");
        });
    }

    @Test
    void shouldShowTheProvidersPricesWhenTheyAreAskedFor() {
        library.plan(COUNTS.replace(
                "\"estimated_usd\":0.0651}",
                "\"estimated_usd\":0.0651,\"quote\":{\"quoted_usd\":0.0651,\"discounted_usd\":0.05859,\"discount_percent\":10,"
                        + "\"remarks\":[\"the provider gives 10 % off\"]}}"));
        assertThat(run("plan", "sfx.csv", "--quote")).isZero();
        assertThat(api.requests("POST /v1/batches").getFirst().target())
                .isEqualTo("/v1/batches?name=sfx&dry_run=true&prices=quote");
        assertThat(shell.out()).contains("""
                model      jobs  price USD  quoted USD  to pay USD
                --------------------------------------------------
                x/music       3   0.065100    0.065100    0.058590
                  the provider gives 10 % off
                x/inpaint     1   0.021701           -           -
                --------------------------------------------------
                total         4   0.086801           -           -
                """);
    }

    @Test
    void shouldSaySoWhenThereIsNothingToDo() {
        library.plan(
                "\"lines\":1,\"jobs\":0,\"new\":0,\"changed\":0,\"unchanged\":1,\"retake\":0,\"reused\":0,\"orphaned\":0");
        assertThat(run("plan", "sfx.csv", "--exit-code")).isZero();
        assertThat(shell.out()).isEqualTo("""
                library sfx: 1 line, 1 take
                  0 new, 0 changed, 1 unchanged, 0 to be retaken, 0 orphaned

                Nothing to do.
                """);
    }

    @Test
    void shouldLetOptionsWinAndSendAllSettingsWhenThereIsASideFile() throws IOException {
        Files.writeString(folder.resolve("own.yaml"), """
                library: forest
                lane: interactive
                budget_usd: 5.50
                retake: [broken, silent]
                max_retakes: 3
                reuse: true
                unknown_price: accept
                takes: 3
                """);
        assertThat(run("plan", "sfx.csv", "--settings", "own.yaml", "--budget-usd", "1", "--no-reuse", "--takes", "1"))
                .isZero();
        assertThat(api.requests("POST /v1/batches").getFirst().target())
                .isEqualTo("/v1/batches?name=forest&lane=interactive&budget_usd=1&reuse=false&unknown_price=accept"
                        + "&retake=broken%2Csilent&max_retakes=3&dry_run=true");
        assertThat(run("plan", "sfx.csv", "--takes", "0", "--lane", "fast")).isEqualTo(ExitCode.USAGE);
        assertThat(shell.err())
                .contains("--lane: \"fast\" is none of bulk, interactive; --takes: 0 is no whole number from 1 to 100");
    }

    @Test
    void shouldPrintOneObjectWithItsItemsWhenJsonIsAsked() throws IOException {
        withItems();
        assertThat(run("plan", "sfx.csv", "--json")).isZero();
        var json = new ObjectMapper().readTree(shell.out());
        assertThat(json.path("id").asText()).isEqualTo(FakeLibrary.PLAN);
        assertThat(json.path("items")).hasSize(3);
    }

    @Test
    void shouldNameFileLineAndFieldWhenTheApiFindsFaults() throws IOException {
        api.rule("POST /v1/batches?", _ -> new Reply(422, """
                {"code":"invalid_request","title":"The request is invalid","detail":"2 things are wrong","errors":[
                  {"line":2,"field":"prompt","message":"is required, \\"\\" is none"},{"line":3,"field":"","message":"odd"}]}"""));
        assertThat(run("plan", "sfx.csv", "--errors", "out/faults.csv")).isEqualTo(ExitCode.INVALID);
        assertThat(shell.err()).isEqualTo("""
                wavequeue: there are 2 faults; nothing was enqueued
                sfx.csv:2: prompt: is required, "" is none
                sfx.csv:3: odd
                """);
        assertThat(folder.resolve("out/faults.csv"))
                .content()
                .isEqualTo("line,field,message\r\n2,prompt,\"is required, \"\"\"\" is none\"\r\n3,,odd\r\n");
        assertThat(run("plan", "nowhere.csv")).isEqualTo(ExitCode.USAGE);
        assertThat(shell.err()).endsWith("wavequeue: there is no file nowhere.csv\n");
    }

    @Test
    void shouldUploadEachContentOnceAndReadItOnceWhenClipsAreLocal() throws Exception {
        Files.createDirectories(folder.resolve("clips"));
        Path clip = Files.writeString(folder.resolve("clips/a.wav"), "RIFF of a");
        Files.copy(clip, folder.resolve("clips/same.wav"));
        Files.writeString(folder.resolve("clips/known.wav"), "RIFF known");
        for (String name : new String[] {"a", "same", "known"}) {
            Files.setLastModifiedTime(
                    folder.resolve("clips/" + name + ".wav"), FileTime.from(Instant.parse("2026-11-20T00:00:00Z")));
        }
        String known = sha256("RIFF known");
        api.reply("/v1/media/sha256:" + known, 200, "{\"audio\":\"media:sha256:" + known + "\"}");
        Files.writeString(folder.resolve("cues.jsonl"), """
                {"model":"x/inpaint","reference":"1","input":{"audio":"clips/a.wav"}}
                {"model":"x/inpaint","reference":"2","input":{"audio":"clips/same.wav"}}
                {"model":"x/inpaint","reference":"3","input":{"audio":"clips/../clips/known.wav"}}
                {"model":"x/music","reference":"4","input":{"prompt":"clips/a.wav"}}
                """);
        assertThat(run("plan", "cues.jsonl")).isZero();
        assertThat(shell.out()).startsWith("source clips: 2, 1 uploaded, 1 known already\n");
        assertThat(api.requests("POST /v1/media")).singleElement().satisfies(sent -> assertThat(sent.body())
                .contains("\r\n\r\nRIFF of a\r\n--wavequeue-"
                        + sha256("RIFF of a").substring(0, 40) + "--"));
        assertThat(api.requests("POST /v1/batches").getFirst().body())
                .contains(
                        "\"reference\":\"1\",\"input\":{\"audio\":\"media:sha256:of-",
                        "{\"audio\":\"media:sha256:" + known)
                .contains("{\"prompt\":\"clips/a.wav\"}");

        // A file with the same size and time is taken for the same: it is not read again.
        Files.writeString(clip, "RIFF of b");
        Files.setLastModifiedTime(clip, FileTime.from(Instant.parse("2026-11-20T00:00:00Z")));
        assertThat(run("plan", "cues.jsonl")).isZero();
        assertThat(api.requests("GET /v1/media/sha256:" + sha256("RIFF of b"))).isEmpty();
    }

    @Test
    void shouldSendNothingWhenAClipCannotBeHad() throws IOException {
        Files.writeString(folder.resolve("empty.wav"), "");
        Files.write(folder.resolve("long.wav"), new byte[50 * 1024 * 1024 + 1]);
        Files.writeString(folder.resolve("good.wav"), "RIFF");
        Files.writeString(folder.resolve("cues.csv"), """
                model,audio
                x/inpaint,gone.wav
                x/inpaint,empty.wav
                x/inpaint,good.wav
                x/inpaint,long.wav
                x/inpaint,gone.wav
                x/inpaint,.
                """);
        assertThat(run("plan", "cues.csv")).isEqualTo(ExitCode.INVALID);
        assertThat(shell.err()).isEqualTo("""
                wavequeue: there are 5 faults; nothing was enqueued
                cues.csv:2: audio: "gone.wav" is neither a file in FOLDER nor a URL nor a media: reference
                cues.csv:3: audio: "empty.wav" is empty
                cues.csv:5: audio: "long.wav" has 52,428,801 bytes; a clip may have at most 52,428,800
                cues.csv:6: audio: "gone.wav" is neither a file in FOLDER nor a URL nor a media: reference
                cues.csv:7: audio: "." is no file
                """.replace("FOLDER", folder.toString()));
        assertThat(api.requests("POST ")).isEmpty();
    }

    @Test
    void shouldNameTheLineWhenTheApiRefusesAClip() throws IOException {
        Files.writeString(folder.resolve("song.wav"), "<html>");
        api.rule(
                "POST /v1/media",
                _ -> new Reply(415, "{\"title\":\"t\",\"detail\":\"not audio that the models take\"}"));
        Files.writeString(folder.resolve("cues.csv"), "model,audio\nx/inpaint,song.wav\n");
        assertThat(run("plan", "cues.csv")).isEqualTo(ExitCode.INVALID);
        assertThat(shell.err())
                .isEqualTo("wavequeue: there is a fault; nothing was enqueued\n"
                        + "cues.csv:2: audio: \"song.wav\" is refused: not audio that the models take\n");
        assertThat(api.requests("POST /v1/batches")).isEmpty();
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
