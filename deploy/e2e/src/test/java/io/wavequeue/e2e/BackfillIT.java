package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library follows its manifest, by the packaged programs and the command line: over changes, repetition and kills. */
class BackfillIT {
    private static final String STABLE = "stability-ai/stable-audio-3/";
    private static final String STEP = "wavespeed-ai/ace-step/audio-outpaint";
    private static final List<String> MODELS = List.of(
            STABLE + "music",
            STABLE + "audio-to-audio",
            STABLE + "audio-inpainting",
            STABLE + "audio-outpainting",
            STEP);

    /** Of one cue of each model. */
    private static final String FIVE_USD = "0.1405";

    /** A fifth of them per model. */
    private static final int CUES = Integer.getInteger("wavequeue.backfill.cues", 60);

    private static final int MORE = CUES / 4 * 3;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void shouldFollowTheManifestAndPayForNothingTwice() throws Exception {
        Map<String, String> environment = new HashMap<>(RunningStack.servers());
        environment.putAll(RunningStack.patientTimes());
        try (RunningStack stack = RunningStack.up(folder.resolve("data"), 1, environment)) {
            stack.configureSimulator("{\"latency\":\"fixed:300\"}");
            Path manifest = manifest("cues", CUES, "");
            Command command = new Command(stack, folder);

            assertThat(command.run("apply", manifest.toString(), "--yes")).isZero();
            assertLedger(stack, CUES, new BigDecimal(FIVE_USD).multiply(BigDecimal.valueOf(CUES / 5)));
            assertFilesAreAsTheLockFileSays(stack, manifest, CUES);

            assertThat(command.run("apply", manifest.toString(), "--yes")).isZero();
            assertAccepted(stack, CUES);

            manifest("cues", CUES, ", at night");
            JsonNode plan = command.json("plan", manifest.toString(), "--json");
            assertThat(plan.path("changed").asInt()).isEqualTo(3);
            assertThat(plan.path("unchanged").asInt()).isEqualTo(CUES - 3);
            assertThat(plan.path("new").asInt()).isZero();
            assertThat(plan.path("estimated_usd").decimalValue()).isEqualByComparingTo("0.0651");
            assertThat(command.run("apply", manifest.toString(), "--yes")).isZero();
            assertAccepted(stack, CUES + 3);
            assertFilesAreAsTheLockFileSays(stack, manifest, CUES);

            shouldCarryOnWhenAllAreKilledInTheMiddle(stack, command);
        }
    }

    private void shouldCarryOnWhenAllAreKilledInTheMiddle(RunningStack stack, Command command) throws Exception {
        stack.configureSimulator("{\"latency\":\"fixed:2000\"}");
        Path manifest = manifest("more", MORE, "");
        Process interrupted = command.start("apply", manifest.toString(), "--yes");
        RunningStack.await("some are with the provider", () -> accepted(stack) > CUES + 3 + 20);

        interrupted.destroyForcibly();
        stack.kill("api");
        stack.kill("worker-1");
        RunningStack.await("they are started again", stack::isAllReady);

        assertThat(command.run("apply", manifest.toString(), "--yes")).isZero();
        assertAccepted(stack, CUES + 3 + MORE);
        assertFilesAreAsTheLockFileSays(stack, manifest, MORE);
    }

    /** @param change at the end of the prompts of three cues */
    private Path manifest(String name, int cues, String change) throws IOException {
        for (int clip = 0; clip < 5; clip++) {
            Path file = folder.resolve("clips/take " + clip + ".wav");
            Files.createDirectories(file.getParent());
            Files.write(file, wav(8_000 + clip));
        }
        List<String> lines = new ArrayList<>();
        lines.add("reference;model;prompt;tags;audio;labels.category");
        IntStream.range(0, cues).mapToObj(i -> line(name, i, change)).forEach(lines::add);
        Path manifest = folder.resolve(name + ".csv");
        Files.write(manifest, lines);
        Files.writeString(
                folder.resolve(name + ".csv.yaml"),
                "output: \"{category}/{reference}_{take:02}.{ext}\"\nbudget_usd: 20\nlabels: {game: nightfall}\n");
        return manifest;
    }

    private static String line(String name, int i, String change) {
        String model = MODELS.get(i % 5);
        String prompt = "%s %d%s".formatted(name, i, i % 5 == 0 && i < 15 ? change : "");
        String clip = model.endsWith("music") ? "" : "clips/take %d.wav".formatted(i % 7 % 5);
        return model.equals(STEP)
                ? "cue_%03d;%s;;\"%s\";%s;ambience".formatted(i, model, prompt, clip)
                : "cue_%03d;%s;\"%s\";;%s;sfx".formatted(i, model, prompt, clip);
    }

    static byte[] wav(int samples) {
        ByteBuffer wav = ByteBuffer.allocate(44 + samples).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + samples);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1)
                .putShort((short) 1)
                .putInt(8_000)
                .putInt(8_000)
                .putShort((short) 1)
                .putShort((short) 8);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples);
        return wav.array();
    }

    private static int accepted(RunningStack stack) {
        return stack.simulator("/admin/ledger?limit=0").at("/totals/accepted").asInt();
    }

    private static void assertAccepted(RunningStack stack, int accepted) {
        assertThat(accepted(stack)).isEqualTo(accepted);
    }

    private static void assertLedger(RunningStack stack, int accepted, BigDecimal usd) {
        assertAccepted(stack, accepted);
        assertThat(stack.simulator("/admin/ledger?limit=0")
                        .at("/totals/charged_usd")
                        .decimalValue())
                .isEqualByComparingTo(usd);
    }

    /** The lock file names each take once; its file lies there by that name with that content. */
    private void assertFilesAreAsTheLockFileSays(RunningStack stack, Path manifest, int takes) throws Exception {
        Path outputs = folder.resolve("data/outputs");
        String library = manifest.getFileName().toString().replace(".csv", "");
        RunningStack.await("the files have their names", () -> named(stack, library) == takes);
        assertThat(new Command(stack, folder).run("watch", library, "--lock", manifest + ".lock"))
                .isZero();
        JsonNode lock =
                JSON.readTree(Files.readString(Path.of(manifest + ".lock"))).path("takes");
        assertThat(lock).hasSize(takes);
        for (JsonNode take : lock) {
            Path file = outputs.resolve(take.path("file").asText());
            assertThat(file.toString())
                    .contains("/libraries/")
                    .contains(take.path("reference").asText() + "_01.");
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))))
                    .isEqualTo(take.path("sha256").asText());
            assertThat(take.path("price_usd").isNumber()).isTrue();
        }
    }

    private static long named(RunningStack stack, String library) {
        JsonNode takes = stack.get("/v1/takes?limit=1000&name=" + library).path("items");
        long named = 0;
        for (JsonNode take : takes) {
            named += take.path("files").size();
        }
        return named;
    }

    /** The command line, as a process of its own. */
    private record Command(RunningStack stack, Path folder) {
        int run(String... words) throws Exception {
            return start(words).waitFor();
        }

        JsonNode json(String... words) throws Exception {
            Process process = start(words);
            assertThat(process.waitFor()).isZero();
            return JSON.readTree(Files.readString(output()));
        }

        Process start(String... words) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classPath(),
                    "io.wavequeue.cli.Main"));
            command.addAll(List.of(words));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().keySet().removeIf(name -> name.startsWith("WAVE"));
            builder.environment().put("WAVEQUEUE_API_URL", stack.address());
            builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
            builder.directory(folder.toFile());
            builder.redirectErrorStream(false)
                    .redirectOutput(output().toFile())
                    .redirectError(folder.resolve("cli.err").toFile());
            return builder.start();
        }

        private Path output() {
            return folder.resolve("cli.out");
        }

        private static String classPath() {
            Path cli = Path.of("").toAbsolutePath().getParent().resolve("cli/target");
            return List.of(cli.resolve("classes").toString(), cli.resolve("lib") + "/*").stream()
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }
}
