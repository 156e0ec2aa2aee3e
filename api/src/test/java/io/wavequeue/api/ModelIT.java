package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ModelIT {
    @Test
    void shouldListEveryModel() {
        given().get("/v1/models")
                .then()
                .statusCode(200)
                .body("items.size()", is(5))
                .body(
                        "items.id",
                        hasItems("stability-ai/stable-audio-3/music", "wavespeed-ai/ace-step/audio-outpaint"));
    }

    @Test
    void shouldShowSchemaPriceAndLimits() {
        given().urlEncodingEnabled(false)
                .get("/v1/models/stability-ai/stable-audio-3/music")
                .then()
                .statusCode(200)
                .body("id", is("stability-ai/stable-audio-3/music"))
                .body("schema.properties.prompt.type", is("string"))
                .body("schema.additionalProperties", is(false))
                .body("price.per_run_usd", is(0.0217f))
                .body("price.per_second_usd", nullValue())
                .body("limits.prediction_deadline_seconds", notNullValue());
        given().urlEncodingEnabled(false)
                .get("/v1/models/wavespeed-ai/ace-step/audio-outpaint")
                .then()
                .body("price.per_second_usd", is(0.0002f))
                .body("price.basis", is("extension"))
                .body("limits.max_source_seconds", is(3600));
    }

    @Test
    void shouldFindTheModelWhenItsSlashesAreEscaped() {
        given().urlEncodingEnabled(false)
                .get("/v1/models/stability-ai%2Fstable-audio-3%2Fmusic")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stability-ai/stable-audio-3/musik", "x", "%00", "..%2f..%2fetc", "a//b"})
    void shouldAnswer404WhenThereIsNoSuchModel(String id) {
        given().urlEncodingEnabled(false)
                .get("/v1/models/" + id)
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", is("not_found"));
    }

    @Test
    void shouldNameTheNearestModel() {
        given().urlEncodingEnabled(false)
                .get("/v1/models/stability-ai/stable-audio-3/musik")
                .then()
                .body("detail", containsString("did you mean \"stability-ai/stable-audio-3/music\"?"));
    }
}
