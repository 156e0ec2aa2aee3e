package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Status;
import io.wavequeue.simulator.audio.AudioFiles;
import io.wavequeue.simulator.media.Upload;
import io.wavequeue.simulator.media.Uploads;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows how long a source clip is when it is an upload or an output of this simulator. Nothing else is fetched. The token
 * in the path cannot be guessed, so the host, by which different clients may know this server, is not compared.
 */
final class Sources {
    private static final Pattern OWN = Pattern.compile("/(media|outputs)/([0-9a-f]{32})(?:[/.].*)?$");

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
}
