package io.wavequeue.api.media;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands a response's body from the event loop, where it comes, to the thread that writes it, a few pieces at a time. Made on the
 * event loop, before anything of the body has come.
 */
final class ResponseBody {
    private static final int PIECES = 16;

    private final HttpClientResponse response;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

    /** What comes next. */
    private sealed interface Piece {
        record Bytes(Buffer buffer) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable cause) implements Piece {}
    }

    ResponseBody(HttpClientResponse response) {
        this.response = response;
        response.pause();
        response.handler(buffer -> pieces.add(new Piece.Bytes(buffer)));
        response.endHandler(end -> pieces.add(new Piece.End()));
        response.exceptionHandler(cause -> pieces.add(new Piece.Broken(cause)));
        response.fetch(PIECES);
    }

    int status() {
        return response.statusCode();
    }

    @Nullable
    String header(String name) {
        return response.getHeader(name);
    }

    /** Copies the body, however it ends. */
    void copyTo(OutputStream out, Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            Piece piece = pieces.poll(deadline.millisLeft(), TimeUnit.MILLISECONDS);
            switch (piece) {
                case null -> throw deadline.passed();
                case Piece.Bytes(Buffer buffer) -> {
                    out.write(buffer.getBytes());
                    response.fetch(1);
                }
                case Piece.End ignored -> {
                    return;
                }
                case Piece.Broken(Throwable cause) ->
                    throw FetchFailedException.failed(
                            "broke off (" + cause.getClass().getSimpleName() + ")");
            }
        }
    }
}
