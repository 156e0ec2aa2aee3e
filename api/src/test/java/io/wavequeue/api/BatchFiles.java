package io.wavequeue.api;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import java.nio.charset.StandardCharsets;

/** Makes batches as callers do. */
public final class BatchFiles {
    private BatchFiles() {}

    /** Sends the lines of NDJSON; the batch's id. */
    public static String post(String query, Iterable<String> lines) {
        return given().config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType("application/x-ndjson")
                .body(String.join("\n", lines).getBytes(StandardCharsets.UTF_8))
                .post("/v1/batches" + query)
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }
}
