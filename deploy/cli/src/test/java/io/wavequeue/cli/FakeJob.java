package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** A job of {@link FakeApi}: queued, running, succeeded, archived; or failed, when its audio is a dead link. */
public final class FakeJob {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final BigDecimal PRICE = new BigDecimal("0.0217");
    private static final Map<String, String> HEADS = Map.of(
            "wav", "RIFF____WAVEfmt ",
            "flac", "fLaC____",
            "ogg", "OggS" + "_".repeat(24) + "\u0001vorbis",
            "opus", "OggS" + "_".repeat(24) + "OpusHead",
            "m4a", "____ftypM4A ",
            "aac", "\u00ff\u00f1aac",
            "mp3", "\u00ff\u00fbmp3");

    /** Where finished jobs put their audio. */
    public interface Archive {

        /** Writes the file and returns the name that the API gives it. */
        String store(String name, byte[] audio);

        /** Files in a data folder's {@code outputs}, named from there. */
        static Archive in(Path data) {
            return (name, audio) -> {
                try {
                    Files.createDirectories(data.resolve("outputs"));
                    Files.write(data.resolve("outputs").resolve(name), audio);
                    return name;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
        }
    }

    private final String id;
    private final JsonNode request;
    private final Archive archive;
    private final ObjectNode job = MAPPER.createObjectNode();
    private boolean stuck;

    FakeJob(String id, JsonNode request, Archive archive) {
        this.id = id;
        this.request = request;
        this.archive = archive;
        job.put("id", id).put("status", "queued").putNull("hold_reason").putNull("error");
        job.set("model", request.path("model"));
        job.set("reference", request.path("reference"));
        job.putObject("cost").put("estimated_usd", PRICE).putNull("charged_usd").putNull("refunded_usd");
        job.putArray("attempts");
        job.putArray("outputs");
        job.putObject("timings").putNull("total_ms");
    }

    public String id() {
        return id;
    }

    public JsonNode request() {
        return request;
    }

    JsonNode json() {
        return job;
    }

    String label(String key) {
        return request.path("labels").path(key).asText();
    }

    String predictionId() {
        return "prediction-of-" + id;
    }

    BigDecimal price() {
        return PRICE;
    }

    /** Stays held from now on. */
    public void hold(String reason) {
        stuck = true;
        job.put("status", "held").put("hold_reason", reason);
    }

    void moveOn() {
        if (stuck) {
            return;
        }
        switch (job.path("status").asText()) {
            case "queued" -> submitted();
            case "running" -> ended();
            case "succeeded" -> archived();
            default -> {
                // failed: nothing more happens
            }
        }
    }

    private void submitted() {
        job.put("status", "running");
        job.withArray("attempts")
                .addObject()
                .put("number", 1)
                .put("status", "accepted")
                .put("prediction_id", predictionId())
                .put("charged_usd", PRICE);
        job.withObject("cost").put("charged_usd", PRICE);
    }

    private void ended() {
        job.withObject("timings").put("total_ms", 1_234);
        if (request.path("input").path("audio").asText().startsWith("https://lost-takes.")) {
            job.put("status", "failed");
            job.putObject("error").put("class", "media_unreachable").put("message", "could not fetch the audio");
            return;
        }
        job.put("status", "succeeded");
        job.withArray("outputs").addObject().put("url", "http://127.0.0.1/x").putNull("archived_at");
    }

    private void archived() {
        String format = request.path("input").path("output_format").asText("mp3");
        byte[] audio = (HEADS.get(format) + " of " + id).getBytes(StandardCharsets.ISO_8859_1);
        ObjectNode output = (ObjectNode) job.path("outputs").path(0);
        output.put("file", archive.store(id + "." + format, audio))
                .put("bytes", audio.length)
                .put("sha256", sha256(audio))
                .put("archived_at", "2026-11-21T03:00:02Z");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
