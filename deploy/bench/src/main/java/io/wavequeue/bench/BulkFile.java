package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A file of jobs, of all five models in turn, each line another prompt, reference and label. */
enum BulkFile {
    NDJSON("application/x-ndjson") {
        @Override
        String line(int line) {
            ObjectNode request = JsonNodeFactory.instance.objectNode();
            ObjectNode input = request.put("model", model(line))
                    .put("reference", reference(line))
                    .putObject("input");
            request.putObject("labels").put("scene", scene(line));
            switch (line % MODELS.size()) {
                case 0 -> input.put("prompt", prompt(line)).put("duration", 4.5);
                case 1 -> input.put("audio", AUDIO).put("prompt", prompt(line)).put("duration", 4.5);
                case 2 ->
                    input.put("audio", AUDIO)
                            .put("prompt", prompt(line))
                            .put("mask_start_seconds", 0.5)
                            .put("mask_end_seconds", 1.5);
                case 3 -> input.put("audio", AUDIO).put("prompt", prompt(line)).put("extend_seconds_after", 4.5);
                default -> input.put("audio", AUDIO).put("tags", prompt(line)).put("extend_after_duration", 4.5);
            }
            return request.toString();
        }
    },

    CSV("text/csv") {
        @Override
        String header() {
            return "model,reference,labels.scene,audio,prompt,tags,duration,mask_start_seconds,mask_end_seconds,"
                    + "extend_seconds_after,extend_after_duration\n";
        }

        @Override
        String line(int line) {
            String cells =
                    switch (line % MODELS.size()) {
                        case 0 -> ",\"%1$s\",,4.5,,,,";
                        case 1 -> "%2$s,\"%1$s\",,4.5,,,,";
                        case 2 -> "%2$s,\"%1$s\",,,0.5,1.5,,";
                        case 3 -> "%2$s,\"%1$s\",,,,,4.5,";
                        default -> "%2$s,,\"%1$s\",,,,,4.5";
                    };
            return String.join(",", model(line), reference(line), scene(line), cells.formatted(prompt(line), AUDIO));
        }
    };

    private static final List<String> MODELS = List.of(
            Clips.MODEL,
            "stability-ai/stable-audio-3/audio-to-audio",
            "stability-ai/stable-audio-3/audio-inpainting",
            "stability-ai/stable-audio-3/audio-outpainting",
            "wavespeed-ai/ace-step/audio-outpaint");

    private static final String AUDIO = "https://example.com/clips/take.wav";
    private static final int SCENES = 50;

    private final String contentType;

    BulkFile(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** Its name in results. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Writes it into the folder. */
    Path write(Path folder, int lines) throws IOException {
        Path file = folder.resolve("bulk." + code());
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write(header());
            for (int line = 0; line < lines; line++) {
                out.write(line(line));
                out.write('\n');
            }
        }
        return file;
    }

    String header() {
        return "";
    }

    abstract String line(int line);

    private static String model(int line) {
        return MODELS.get(line % MODELS.size());
    }

    private static String reference(int line) {
        return "take_" + line;
    }

    private static String scene(int line) {
        return "scene_" + line % SCENES;
    }

    private static String prompt(int line) {
        return Clips.PROMPT + line;
    }
}
