package io.wavequeue.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

    private static final String MODELS = """
            {"items":[
             {"id":"x/music","schema":{"properties":{"prompt":{},"duration":{},"seed":{}}},"media_fields":[]},
             {"id":"x/inpaint","schema":{"properties":{"audio":{},"prompt":{},"strength":{}}},"media_fields":["audio"]}]}""";

    private static final String SETTINGS = """
            takes: 2
            labels: {game: demo}
            defaults: {duration: 30, strength: 0.50}
            """;

    @TempDir
    private Path folder;

    private final List<String> clips = new java.util.ArrayList<>();

    @Test
    void shouldFillInCellsOnTheSameLinesWhenItIsCsv() throws Exception {
        String csv = "\uFEFF" + """
                reference;model;prompt;duration;input
                menu;x/music;"slow; harp
                over ""rain\""";12;

                hit;x/inpaint;;;"{""audio"": ""clips/a.wav"",
                ""prompt"": ""metal""}"
                ;;;;
                url;x/inpaint;p;;"{""audio"":""HTTPS://example.com/a.wav""}"
                odd;x/nothing;p;;
                """;
        assertThat(prepared("sfx.csv", csv, SETTINGS)).isEqualTo("""
                reference;model;prompt;duration;input;takes;output;labels.game;strength
                menu;x/music;"slow; harp
                over ""rain\""";12;;2;{reference}_{take:02}.{ext};demo;

                hit;x/inpaint;;;"{""audio"":""media:clips/a.wav"",""prompt"":""metal""}
                ";2;{reference}_{take:02}.{ext};demo;0.50

                url;x/inpaint;p;;"{""audio"":""HTTPS://example.com/a.wav""}";2;{reference}_{take:02}.{ext};demo;0.50
                odd;x/nothing;p;;;2;{reference}_{take:02}.{ext};demo;
                """);
        assertThat(clips).containsExactly("clips/a.wav");
    }

    @Test
    void shouldFillInFieldsAndLeaveOddLinesAloneWhenItIsNdjson() throws Exception {
        String ndjson = """
                {"model":"x/music","reference":"menu","input":{"prompt":"harp","seed":1.50},"output":"m/{reference}.{ext}","takes":1}

                {"model":"x/inpaint","reference":"hit","input":{"audio":"a.wav","strength":null},"labels":{"game":"own"}}
                {"model":"x/music","model":"x/music"}
                no json
                {"model":"x/music","input":{"prompt":"p"}}""";
        assertThat(prepared("sfx.jsonl", ndjson, SETTINGS).split("\n", -1))
                .containsExactly(
                        "{\"model\":\"x/music\",\"reference\":\"menu\",\"input\":{\"prompt\":\"harp\",\"seed\":1.50,\"duration\":30},"
                                + "\"output\":\"m/{reference}.{ext}\",\"takes\":1,\"labels\":{\"game\":\"demo\"}}",
                        "",
                        "{\"model\":\"x/inpaint\",\"reference\":\"hit\",\"input\":{\"audio\":\"media:a.wav\",\"strength\":null},"
                                + "\"labels\":{\"game\":\"own\"},\"takes\":2,\"output\":\"{reference}_{take:02}.{ext}\"}",
                        "{\"model\":\"x/music\",\"model\":\"x/music\"}",
                        "no json",
                        "{\"model\":\"x/music\",\"input\":{\"prompt\":\"p\",\"duration\":30},\"takes\":2,\"labels\":{\"game\":\"demo\"}}");
    }

    @Test
    void shouldCopyAsItIsWhenNothingIsLeftOut() throws Exception {
        String ndjson = "{\"model\": \"x/music\",  \"input\": {\"prompt\": \"p\", \"seed\": 1e2}}\n";
        assertThat(prepared("plain", ndjson, "")).isEqualTo(ndjson);
    }

    @Test
    void shouldNameEveryLineWhenRowsCannotBeCopied() throws Exception {
        String csv = """
                reference,model
                a,x/music
                b,x/music,more
                c
                d,"never closed
                """;
        assertThat(faults("f.csv", csv, ""))
                .containsExactly(
                        "f.csv:3: the line has 3 fields, the header 2",
                        "f.csv:4: the line has 1 fields, the header 2",
                        "f.csv:5: a quote is opened here and never closed");
        assertThat(faults("long.csv", "a,b\nx,\"" + "y".repeat(1_300_000), ""))
                .containsExactly("long.csv:2: the line has more than 1,048,576 characters; is a quote opened here and"
                        + " never closed?");
        assertThat(faults("long.jsonl", "\n" + "y".repeat(1_300_000) + "\n", ""))
                .containsExactly("long.jsonl:2: is longer than 1,048,576 bytes");
    }

    @Test
    void shouldNameLineAndNearestWordWhenTheSideFileIsWrong() throws Exception {
        assertThat(faults("s.csv", "model\n", """
                libary: x
                takes: 200
                lane: fast
                takes: 2
                budget_usd: 0.0000001
                labels: [a]
                retake: broken, silnt
                output: 7
                defaults:
                  duration:
                """))
                .containsExactly(
                        "s.csv.yaml:1: libary: unknown key; did you mean \"library\"?",
                        "s.csv.yaml:2: takes: 200 is no whole number from 1 to 100",
                        "s.csv.yaml:3: lane: \"fast\" is none of bulk, interactive",
                        "s.csv.yaml:4: takes: stands here twice",
                        "s.csv.yaml:5: budget_usd: 1E-7 is no amount above 0 with at most 6 places",
                        "s.csv.yaml:6: labels: must be names and values",
                        "s.csv.yaml:7: retake: \"silnt\" is no verdict of the audio check; did you mean \"silent\"?",
                        "s.csv.yaml:8: output: 7 is not a text; put it in quotes",
                        "s.csv.yaml:10: defaults.duration: has no value");
        assertThat(faults("s.csv", "model\n", "a: [\n"))
                .singleElement()
                .asString()
                .startsWith("s.csv.yaml:2: is not YAML: ");
        assertThat(faults("s.csv", "model\n", "- a"))
                .containsExactly("s.csv.yaml:1: must be names and values, such as library: sfx");
        assertThat(faults("s.csv", "model\n", "defaults: {durration: 3}"))
                .containsExactly(
                        "s.csv.yaml:1: defaults.durration: no model has this input; did you mean \"duration\"?");
    }

    private String prepared(String name, String manifest, String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve(name), manifest);
        Faults faults = new Faults();
        SettingsReader reader = new SettingsReader(faults);
        Path side = Files.writeString(folder.resolve(name + ".yaml"), yaml);
        SideFile.read(side, name + ".yaml", faults, reader);
        faults.check();
        Settings settings = reader.settings("library");
        JsonNode models = new ObjectMapper().readTree(MODELS);
        try (Spool spool = new Preparation(
                        ManifestFile.of(folder, name), settings.lines(), Models.of(models), (_, uses, _) -> {
                            var references = new TreeMap<String, String>();
                            uses.forEach(use -> references.put(use.name(), "media:" + use.name()));
                            clips.addAll(references.keySet());
                            return references;
                        })
                .prepare()) {
            assertThat(file).exists();
            return Files.readString(spool.file(), StandardCharsets.UTF_8);
        }
    }

    private List<String> faults(String name, String manifest, String yaml) throws IOException {
        FaultsException thrown = catchThrowableOfType(FaultsException.class, () -> prepared(name, manifest, yaml));
        return thrown.faults().stream().map(Fault::toString).toList();
    }
}
