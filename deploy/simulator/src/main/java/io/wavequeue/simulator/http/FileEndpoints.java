package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Status;
import io.wavequeue.simulator.audio.AudioFiles;
import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.simulator.media.Upload;
import io.wavequeue.simulator.media.Uploads;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Uploads by ticket and downloads of outputs and uploads. What takes longer than microseconds runs beside the event loop. */
final class FileEndpoints {
    private static final long TICKET_LIFE = 900 * Micros.SECOND;

    private final Vertx vertx;
    private final Account account;
    private final Uploads uploads;
    private final AudioFiles files;
    private final InstantSource clock;

    FileEndpoints(Vertx vertx, Account account, Uploads uploads, AudioFiles files, InstantSource clock) {
        this.vertx = vertx;
        this.account = account;
        this.uploads = uploads;
        this.files = files;
        this.clock = clock;
    }

    Future<Reply> output(Call call) {
        String name = call.argument();
        int dot = name.indexOf('.');
        Prediction prediction = dot < 0 ? null : account.find(name.substring(0, dot));
        if (prediction == null || prediction.status() != Status.COMPLETED) {
            return Future.succeededFuture(Reply.problem(404, "output not found"));
        }
        Prediction.Submission submission = prediction.submission();
        AudioFormat format = submission.format();
        if (!name.substring(dot + 1).equals(format.extension())) {
            return Future.succeededFuture(Reply.problem(404, "output not found"));
        }
        if (files.isWritten(format)) {
            return vertx.executeBlocking(
                    () -> Reply.file(
                            format.contentType(), files.make(format, prediction.id(), submission.clipSeconds())),
                    false);
        }
        return Future.succeededFuture(
                Reply.file(format.contentType(), files.make(format, prediction.id(), submission.clipSeconds())));
    }

    Reply ticket(Call call) throws BadRequest {
        JsonNode json = Json.object(call.body());
        JsonNode filename = json.path("filename");
        JsonNode size = json.path("size");
        if (!filename.isTextual() || filename.textValue().isBlank()) {
            throw new BadRequest("field \"filename\" must be a non-empty string");
        }
        if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 1) {
            throw new BadRequest("field \"size\" must be a positive integer");
        }
        if (isTooLarge(size.longValue())) {
            return tooLarge();
        }
        String contentType = json.path("content_type").asText("");
        Upload upload = uploads.open(
                filename.textValue(),
                size.longValue(),
                contentType.isEmpty() ? "application/octet-stream" : contentType,
                Micros.of(clock.instant()));
        String url = url(call, upload);
        return Reply.success(out -> {
            out.writeStartObject();
            out.writeStringField("type", type(upload));
            out.writeStringField("download_url", url);
            out.writeStringField("filename", upload.filename());
            out.writeNumberField("size", upload.size());
            out.writeObjectFieldStart("upload");
            out.writeStringField("method", "PUT");
            out.writeStringField("url", url);
            out.writeObjectFieldStart("headers");
            out.writeStringField("Content-Type", upload.contentType());
            out.writeStringField("If-None-Match", "*");
            out.writeEndObject();
            out.writeStringField(
                    "expires_at",
                    Micros.toInstant(upload.createdAt() + TICKET_LIFE).toString());
            out.writeEndObject();
            out.writeEndObject();
        });
    }

    Future<Reply> put(Call call) {
        long now = Micros.of(clock.instant());
        Upload upload = find(call);
        String problem = upload == null ? "no such ticket" : ticketProblem(call, upload, now);
        if (upload == null || problem != null) {
            return Future.succeededFuture(Reply.problem(upload == null ? 404 : 403, String.valueOf(problem)));
        }
        if (upload.arrived()) {
            return Future.succeededFuture(Reply.problem(412, "the file exists"));
        }
        if (call.body().length != upload.size()) {
            return Future.succeededFuture(Reply.problem(400, "the file must be " + upload.size() + " bytes long"));
        }
        return vertx.executeBlocking(() -> Optional.ofNullable(uploads.store(upload, call.body())), false)
                .map(seconds -> {
                    uploads.arrived(upload, seconds.orElse(null));
                    return new Reply(200, "text/plain", new byte[0], java.util.Map.of());
                });
    }

    /**
     * The upload of former days: one multipart request with a field {@code file}.
     *
     * @param urlName what the answer calls the file's address
     */
    Future<Reply> binary(Call call, String urlName) throws BadRequest {
        Multipart.File file = Multipart.file(call.request(), call.body(), "file");
        if (isTooLarge(file.bytes().length)) {
            return Future.succeededFuture(tooLarge());
        }
        Upload upload =
                uploads.open(file.filename(), file.bytes().length, file.contentType(), Micros.of(clock.instant()));
        String url = url(call, upload);
        return vertx.executeBlocking(() -> Optional.ofNullable(uploads.store(upload, file.bytes())), false)
                .map(seconds -> {
                    uploads.arrived(upload, seconds.orElse(null));
                    return Reply.success(out -> {
                        out.writeStartObject();
                        out.writeStringField("type", type(upload));
                        out.writeStringField(urlName, url);
                        out.writeStringField("filename", upload.filename());
                        out.writeNumberField("size", upload.size());
                        out.writeEndObject();
                    });
                });
    }

    private static String url(Call call, Upload upload) {
        return call.baseUrl() + "/media/" + upload.token() + "/"
                + URLEncoder.encode(upload.filename(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String type(Upload upload) {
        return upload.contentType().startsWith("audio/") ? "audio" : "file";
    }

    private boolean isTooLarge(long bytes) {
        return bytes > account.settings().get(Setting.MAX_UPLOAD);
    }

    private Reply tooLarge() {
        return Reply.problem(
                413, "the file must not exceed " + account.settings().get(Setting.MAX_UPLOAD) + " bytes");
    }

    private static @Nullable String ticketProblem(Call call, Upload upload, long now) {
        String type = call.request().getHeader("Content-Type");
        if (!upload.contentType().equals(type)) {
            return "header Content-Type must be the ticket's, " + upload.contentType();
        }
        if (!"*".equals(call.request().getHeader("If-None-Match"))) {
            return "header If-None-Match must be the ticket's, *";
        }
        return now > upload.createdAt() + TICKET_LIFE ? "the ticket has expired" : null;
    }

    Future<Reply> media(Call call) {
        Upload upload = find(call);
        if (upload == null || !upload.arrived()) {
            return Future.succeededFuture(Reply.problem(404, "file not found"));
        }
        return vertx.executeBlocking(() -> Reply.file(upload.contentType(), uploads.content(upload)), false);
    }

    /** The upload that an address below {@code /media/} names; null when there is none. */
    @Nullable
    Upload find(Call call) {
        String path = call.argument();
        int slash = path.indexOf('/');
        return uploads.find(slash < 0 ? path : path.substring(0, slash), Micros.of(clock.instant()));
    }

    void reset() {
        uploads.clear();
    }
}
