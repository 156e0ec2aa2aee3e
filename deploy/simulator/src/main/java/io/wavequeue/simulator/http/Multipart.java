package io.wavequeue.simulator.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;

/** Reads a file out of a multipart form. */
final class Multipart {
    private Multipart() {}

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record File(String filename, String contentType, byte[] bytes) {}

    static File file(HttpServerRequest request, byte[] body, String field) throws BadRequest {
        FullHttpRequest form = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                io.netty.handler.codec.http.HttpMethod.POST,
                request.path(),
                Unpooled.wrappedBuffer(body));
        String type = request.getHeader("Content-Type");
        form.headers().set(HttpHeaderNames.CONTENT_TYPE, type == null ? "" : type);
        try {
            HttpPostRequestDecoder decoder = new HttpPostRequestDecoder(new DefaultHttpDataFactory(false), form);
            try {
                if (decoder.getBodyHttpData(field) instanceof FileUpload file) {
                    return new File(file.getFilename(), file.getContentType(), file.get());
                }
            } finally {
                decoder.destroy();
            }
        } catch (HttpPostRequestDecoder.ErrorDataDecoderException | IOException e) {
            throw new BadRequest("the request body must be a multipart form", e);
        }
        throw new BadRequest("field \"" + field + "\" must be a file in a multipart form");
    }
}
