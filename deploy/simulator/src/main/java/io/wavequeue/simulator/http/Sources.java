package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.BodyHash;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Status;
import io.wavequeue.simulator.audio.AudioFiles;
import io.wavequeue.simulator.media.Upload;
import io.wavequeue.simulator.media.Uploads;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows how long a source clip is when it is an upload or an output of this simulator. Nothing else is fetched. The token
 * in the path cannot be guessed, so the host, by which different clients may know this server, is not compared.
 */
final class Sources {
    private static final Pattern OWN = Pattern.compile("/(media|outputs)/((?:pred_|task-)?[0-9a-f]{32})(?:[/.].*)?$");

    private static final Pattern OWN_IN_TEXT =
            Pattern.compile("https?://[^\"/]+/(media|outputs)/((?:pred_|task-)?[0-9a-f]{32})[^\"]*");

    private final Uploads uploads;
    private final Account account;
    private final AudioFiles files;
    private final InstantSource clock;

    Sources(Uploads uploads, Account account, AudioFiles files, InstantSource clock) {
        this.uploads = uploads;
        this.account = account;
        this.files = files;
        this.clock = clock;
    }

    @Nullable
    BigDecimal seconds(JsonNode inputs) {
        JsonNode audio = inputs.get("audio");
        if (audio == null || !audio.isTextual()) {
            return null;
        }
        Matcher own = OWN.matcher(audio.textValue());
        if (!own.find()) {
            return null;
        }
        if (own.group(1).equals("media")) {
            Upload upload = uploads.find(own.group(2), Micros.of(clock.instant()));
            return upload == null || !upload.arrived() ? null : upload.seconds();
        }
        Prediction output = account.find(own.group(2));
        if (output == null || output.status() != Status.COMPLETED) {
            return null;
        }
        Prediction.Submission made = output.submission();
        return files.isWritten(made.format()) ? made.clipSeconds() : null;
    }

    /**
     * What a body asks for, whatever the addresses of its files are this time: an upload is named by its file's name and
     * size, an output by the number that belongs to its prediction.
     */
    BodyHash marker(byte[] body, BodyHash hash) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (!text.contains("/media/") && !text.contains("/outputs/")) {
            return hash;
        }
        String plain =
                OWN_IN_TEXT.matcher(text).replaceAll(own -> Matcher.quoteReplacement(name(own.group(1), own.group(2))));
        return BodyHash.of(plain.getBytes(StandardCharsets.UTF_8));
    }

    private String name(String kind, String id) {
        if (kind.equals("media")) {
            Upload upload = uploads.find(id, Micros.of(clock.instant()));
            return upload == null ? "media" : "media:" + upload.filename() + ":" + upload.size();
        }
        Prediction output = account.find(id);
        return output == null ? "output" : "output:" + output.draw();
    }
}
