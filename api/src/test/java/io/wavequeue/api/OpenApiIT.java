package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.wavequeue.api.status.JobFilterReader;
import io.wavequeue.job.SkipReason;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's description says what is done to many jobs as the code does it. */
@QuarkusTest
class OpenApiIT {
    private static final String PROBLEM = "#/components/schemas/Problem";

    private static JsonPath described() {
        return given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static Map<String, Map<String, Object>> answers(JsonPath api, String path, String method) {
        return api.getMap("paths.'" + path + "'." + method + ".responses");
    }

    private static void refuses(JsonPath api, String path, String method, String... statuses) {
        for (String status : statuses) {
            assertThat(api.getString("paths.'" + path + "'." + method + ".responses.'" + status
                            + "'.content.'application/problem+json'.schema.'$ref'"))
                    .as("%s %s %s", method, path, status)
                    .isEqualTo(PROBLEM);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"replays", "resolutions", "cancellations", "holds", "releases"})
    void shouldTellEveryAnswerOfABulkOperation(String kind) {
        JsonPath api = described();
        String path = "/v1/" + kind;
        refuses(api, path, "post", "400", "413", "415", "422");
        assertThat(answers(api, path, "post")).containsKeys("200", "202");
        assertThat(answers(api, path, "post").get("202"))
                .extracting("headers")
                .extracting("Location")
                .isNotNull();
        refuses(api, path, "get", "400");
        refuses(api, path + "/{id}", "get", "404");
        refuses(api, path + "/{id}/jobs", "get", "400", "404");
        for (String change : List.of("pause", "resume", "abort")) {
            refuses(api, path + "/{id}/" + change, "post", "404", "409");
        }
        for (String read : List.of("", "/{id}", "/{id}/jobs")) {
            assertThat(answers(api, path + read, "get").get("200"))
                    .as(read)
                    .extracting("content")
                    .extracting("application/json")
                    .isNotNull();
        }
    }

    @Test
    void shouldTellEveryAnswerOfTheReplayOfOneJob() {
        JsonPath api = described();
        refuses(api, "/v1/jobs/{id}/replay", "post", "400", "404", "409", "413", "422", "503");
        assertThat(api.getBoolean("paths.'/v1/jobs/{id}/replay'.post.requestBody.required"))
                .isFalse();
        assertThat(api.getString("paths.'/v1/jobs/{id}/replay'.post.responses.'503'.description"))
                .contains("library_busy");
        assertThat(api.getMap("components.schemas.Problem.properties")).containsKeys("reason", "can_be_forced");
    }

    @Test
    void shouldDescribeTheFilterAndWhatCanBeForced() {
        JsonPath api = described();
        assertThat(api.<String, Object>getMap("components.schemas.JobFilter.properties"))
                .containsOnlyKeys(Stream.concat(JobFilterReader.NAMES.stream(), Stream.of("labels"))
                        .toArray(String[]::new));
        assertThat(api.<String>getList("components.schemas.ForcibleReason.enum"))
                .containsExactlyElementsOf(Arrays.stream(SkipReason.values())
                        .filter(SkipReason::isForcible)
                        .map(SkipReason::code)
                        .toList());
        for (String body : List.of("ReplayRequest", "JobReplayRequest")) {
            String properties = "components.schemas." + body + ".properties.";
            assertThat(api.getString(properties + "force.items.'$ref'"))
                    .isEqualTo("#/components/schemas/ForcibleReason");
            assertThat(api.getString(properties + "input_overrides.type")).contains("object");
        }
        for (String body : List.of("ReplayRequest", "BulkResolutionRequest", "BulkStopRequest")) {
            assertThat(api.getString("components.schemas." + body + ".properties.filter.'$ref'"))
                    .isEqualTo("#/components/schemas/JobFilter");
        }
        assertThat(api.getString("components.schemas.Replay.properties.refused_count.type"))
                .contains("integer");
        assertThat(api.getList("components.schemas.ReplayRequest.required")).isNull();
        assertThat(api.<String>getList("components.schemas.BulkStopRequest.required"))
                .containsExactly("filter");
    }

    /** Every parameter that the list takes is described, and no other. */
    @Test
    void shouldDescribeTheParametersOfTheLists() {
        JsonPath api = described();
        assertThat(api.<String>getList("paths.'/v1/jobs'.get.parameters.name"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(JobFilterReader.NAMES.stream(), Stream.of("limit", "cursor"))
                                .toList());
        assertThat(api.<String>getList("paths.'/v1/failures'.get.parameters.name"))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(JobFilterReader.NAMES.stream(), Stream.of("limit"))
                        .filter(name -> !name.equals(JobFilterReader.STATUS))
                        .toList());
    }
}
