package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LibraryIT {
    private static final String MUSIC = "stability-ai/stable-audio-3/music";
    private static final String STEP = "wavespeed-ai/ace-step/audio-outpaint";
    private static final String THREE = """
            reference,model,prompt,duration,takes,output,labels.category
            ui/click,$,a dry click,1,2,{category}/{reference}_{take:02}.{ext},ui
            forest,$,birds and wind,30,,{category}/{reference}.{ext},ambience
            cave,$,dripping water,12.5,,{category}/{reference}.{ext},ambience
            """;

    @Inject
    Tables tables;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static Response post(String type, String query, String file, String... headers) {
        var request = given().config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType(type)
                .body(file.replace("$", MUSIC).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.post("/v1/batches" + query);
    }

    private static ValidatableResponse plan(String file) {
        return plan(file, "");
    }

    private static ValidatableResponse plan(String file, String parameters) {
        return post("text/csv", "?name=game&dry_run=true" + parameters, file).then();
    }

    /** Plans and applies; the batch. */
    private static ValidatableResponse apply(String file) {
        return apply(file, "");
    }

    private static ValidatableResponse apply(String file, String parameters) {
        String plan = plan(file, parameters).statusCode(200).extract().path("id");
        return post("text/csv", "?name=game&plan=" + plan + parameters, file)
                .then()
                .statusCode(202);
    }

    private long jobs() {
        return Long.parseLong(tables.value("select count(*) from job"));
    }

    /** As if a worker had made and archived all that waits. */
    private void makeAll() {
        tables.run(
                "insert into output (job_id, number, attempt, url, file, content_type, bytes, sha256, archived_at, archive_at)"
                        + " select id, 0, 1, 'http://127.0.0.1/x', id || '.mp3', 'audio/mpeg', 3, repeat('0', 64), now(), null from job"
                        + " where status = 'queued'");
        tables.run("update job set status = 'succeeded', settled_at = now(), dispatch_at = null, version = version + 1"
                + " where status = 'queued'");
    }

    @Nested
    class Planning {
        @Test
        void shouldTellWhatAFirstFileWouldMakeAndEnqueueNothing() {
            String id = plan(THREE)
                    .statusCode(200)
                    .body("name", is("game"))
                    .body("lines", is(3))
                    .body("jobs", is(4))
                    .body("new", is(4))
                    .body("changed", is(0))
                    .body("unchanged", is(0))
                    .body("orphaned", is(0))
                    .body("retake", is(0))
                    .body("reused", is(0))
                    .body("estimated_usd", is(0.0868f))
                    .body("unknown_price", is(0))
                    .body("by_model", hasSize(1))
                    .body("by_model[0].model", is(MUSIC))
                    .body("by_model[0].jobs", is(4))
                    .body("batch_id", nullValue())
                    .extract()
                    .path("id");

            assertThat(jobs()).isZero();
            assertThat(tables.value("select count(*) from take")).isEqualTo("0");
            given().get("/v1/plans/" + id).then().statusCode(200).body("jobs", is(4));
            given().get("/v1/plans/" + id + "/items?limit=3")
                    .then()
                    .statusCode(200)
                    .body("items.reference", contains("ui/click", "ui/click", "forest"))
                    .body("items.take", contains(1, 2, 1))
                    .body("items.action", contains("new", "new", "new"))
                    .body("items.line", contains(2, 2, 3))
                    .body("items.name", contains("ui/ui/click_01", "ui/ui/click_02", "ambience/forest"))
                    .body("next_cursor", is("2"));
        }

        @Test
        void shouldNameWhatChangedAndLeaveTheRestAlone() {
            apply(THREE);
            makeAll();

            String id = plan(THREE.replace("dripping water", "dripping acid").replace("forest,", "wood,"))
                    .statusCode(200)
                    .body("unchanged", is(2))
                    .body("changed", is(1))
                    .body("new", is(1))
                    .body("reused", is(1))
                    .body("orphaned", is(1))
                    .body("jobs", is(1))
                    .body("estimated_usd", is(0.0217f))
                    .extract()
                    .path("id");

            given().get("/v1/plans/" + id + "/items")
                    .then()
                    .body("items.reference", contains("wood", "cave", "forest"))
                    .body("items.action", contains("reused", "changed", "orphaned"))
                    .body("items.estimated_usd", contains(0, 0.0217f, null))
                    .body("items.line", contains(3, 4, null));
            given().get("/v1/plans/" + id + "/items?action=changed").then().body("items.reference", contains("cave"));
        }

        @Test
        void shouldTakeSpelledOutDefaultsAndOtherSpellingsForTheSame() {
            apply("reference,model,prompt,duration\na,$,rain,30\n");

            plan("model,reference,output_format,prompt,guidance_scale\n$,a,mp3,rain,1.0\n")
                    .body("unchanged", is(1))
                    .body("jobs", is(0));
        }

        @Test
        void shouldMakeAgainWhatFailedOrWasCancelled() {
            apply(THREE);
            tables.run(
                    "update job set status = 'failed', settled_at = now(), dispatch_at = null, error_class = 'moderated',"
                            + " error_message = 'no', error_retryable = false, version = version + 1 where reference = 'cave'");
            tables.run(
                    "update job set status = 'cancelled', settled_at = now(), dispatch_at = null, version = version + 1"
                            + " where reference = 'forest'");

            String id = plan(THREE)
                    .body("new", is(2))
                    .body("unchanged", is(2))
                    .extract()
                    .path("id");

            given().get("/v1/plans/" + id + "/items")
                    .then()
                    .body("items.reason", contains("cancelled", "failed: moderated: no"));
        }

        @Test
        void shouldLeaveAloneWhatWasReplayedAsTheCorrectedLineSays() {
            apply(THREE);
            tables.run(
                    "update job set status = 'failed', settled_at = now(), dispatch_at = null, version = version + 1,"
                            + " error_class = 'invalid_input', error_message = 'x', error_retryable = false");
            tables.run(
                    "insert into attempt (job_id, number, status, worker_id, prediction_id, price_usd, reserved_usd, budget_day)"
                            + " select id, 1, 'failed', gen_random_uuid(), id::text, 0.0217, 0.0217, '2026-01-31' from job");
            tables.run("update job set attempt = 1");
            String job = tables.value("select job_id from take where reference = 'cave'");
            String corrected = THREE.replace("12.5", "20");
            given().contentType("application/json")
                    .body("{\"input_overrides\": {\"duration\": 20}}")
                    .post("/v1/jobs/" + job + "/replay")
                    .then()
                    .statusCode(200);

            plan(THREE).body("new", is(3)).body("unchanged", is(1));
            plan(corrected).body("new", is(3)).body("changed", is(0)).body("unchanged", is(1));
            long before = jobs();
            apply(corrected);
            assertThat(jobs()).isEqualTo(before + 3);
            plan(THREE).body("changed", is(1));
        }

        @Test
        void shouldRefuseLinesThatClash() {
            plan("""
                    reference,model,prompt,takes,output
                    a,$,one,,{reference}.{ext}
                    a,$,two,,b.{ext}
                    c,$,one,,{reference}.{ext}
                    A,$,three,,{reference}.{ext}
                    d,$,four,2,{reference}.{ext}
                    """)
                    .statusCode(422)
                    .body("errors.line", contains(3, 4, 5, 6))
                    .body("errors.field", contains("reference", "", "output", "output"))
                    .body("errors[0].message", containsString("\"a\" is the reference of line 2 too"))
                    .body("errors[1].message", containsString("the same work as line 2"))
                    .body("errors[2].message", containsString("the file name \"A\", which line 2 has too"))
                    .body("errors[3].message", containsString("several takes of the cue the file name \"d\""));
            assertThat(tables.value("select count(*) from plan")).isEqualTo("0");
        }

        @Test
        void shouldRefuseWhatALineMayNotSay() {
            plan("""
                    reference,model,prompt,takes,output,reuse
                    a,$,one,0,,
                    b,$,two,101,,
                    c,$,three,,../{reference},
                    d,$,four,,{catgory}/{reference},
                    e,$,five,,con,
                    ,$,six,,,
                    f,$,seven,,,perhaps
                    """)
                    .statusCode(422)
                    .body("errors.line", contains(2, 3, 4, 5, 6, 7, 8))
                    .body(
                            "errors.field",
                            contains("takes", "takes", "output", "output", "output", "reference", "reuse"))
                    .body("errors[2].message", containsString("leads out of its folder"))
                    .body("errors[3].message", containsString("names {catgory}, which this line does not have"))
                    .body("errors[4].message", containsString("Windows keeps for itself"));
        }

        @Test
        void shouldNameTheElementOfAnArrayThatClashes() {
            String one = "{\"model\":\"$\",\"reference\":\"a\",\"input\":{\"prompt\":\"x\"}}";
            post("application/json", "?name=game&dry_run=true", "[" + one + "," + one + "]")
                    .then()
                    .statusCode(422)
                    .body("errors[0].field", is("[1].reference"));
        }

        @Test
        void shouldTellHowLongItTakesAndWhyTheProviderWasNotAsked() {
            plan(THREE, "&prices=quote")
                    .statusCode(200)
                    .body("expected_seconds", greaterThan(0))
                    .body("by_model[0].estimated_usd", is(0.0868f))
                    .body("by_model[0].quote.quoted_usd", nullValue())
                    .body("by_model[0].quote.remarks[0]", containsString("no worker is running"));
            plan(THREE).body("by_model[0].quote", nullValue());
        }

        @Test
        void shouldPlanWithoutALibraryAsIfAllWereNew() {
            post("application/x-ndjson", "?dry_run=true", "{\"model\":\"$\",\"input\":{\"prompt\":\"x\"},\"takes\":3}")
                    .then()
                    .statusCode(200)
                    .body("name", nullValue())
                    .body("new", is(3))
                    .body("jobs", is(3));
            assertThat(jobs()).isZero();
        }
    }

    @Nested
    class Applying {
        @Test
        void shouldMakeOnlyWhatThePlanNamesAndNothingTheSecondTime() {
            String batch = apply(THREE).body("counts.total", is(4)).extract().path("id");
            assertThat(jobs()).isEqualTo(4);
            assertThat(tables.column("select distinct batch_id::text from job")).containsExactly(batch);

            apply(THREE).body("counts.total", is(0)).body("status", is("done"));
            makeAll();
            apply(THREE).body("counts.total", is(0)).body("done_at", notNullValue());
            apply(THREE.replace("dripping water", "dripping acid")).body("counts.total", is(1));
            assertThat(jobs()).isEqualTo(5);
        }

        @Test
        void shouldAnswerWithItsBatchWhenAPlanIsAppliedAgain() {
            String plan = plan(THREE).extract().path("id");
            String first = post("text/csv", "?name=game&plan=" + plan, THREE)
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("id");

            post("text/csv", "?name=game&plan=" + plan, THREE)
                    .then()
                    .statusCode(202)
                    .header("Idempotent-Replayed", "true")
                    .body("id", is(first));
            given().get("/v1/plans/" + plan).then().body("batch_id", is(first));
            assertThat(jobs()).isEqualTo(4);
        }

        @Test
        void shouldRefuseWhenManifestParametersOrLibraryDiffer() {
            String plan = plan(THREE).extract().path("id");

            assertOutdated(plan, "", THREE.replace("wind", "rain"), "the manifest changed");
            assertOutdated(plan, "&lane=interactive", THREE, "the parameters of the call changed");
            apply(THREE.replace("forest,", "wood,"));
            assertOutdated(plan, "", THREE, "the library changed");
            assertThat(jobs()).isEqualTo(4);
        }

        private void assertOutdated(String plan, String parameters, String file, String detail) {
            post("text/csv", "?name=game&plan=" + plan + parameters, file)
                    .then()
                    .statusCode(409)
                    .body("code", is("plan_outdated"))
                    .body("detail", containsString(detail));
        }

        @Test
        void shouldRefuseAPlanOfAnotherLibrary() {
            String plan = plan(THREE).extract().path("id");
            post("text/csv", "?name=other&plan=" + plan, THREE).then().statusCode(404);
            assertThat(tables.value("select count(*) from library")).isEqualTo("0");
            post("text/csv", "?plan=" + plan, THREE).then().statusCode(400).body("errors[0].field", is("name"));
            post("text/csv", "?name=game&dry_run=true&plan=" + plan, THREE)
                    .then()
                    .statusCode(400);
        }

        @Test
        void shouldCostNothingWhenTheSameWorkIsArchivedElsewhere() {
            apply(THREE);
            makeAll();

            String plan = post("text/csv", "?name=sequel&dry_run=true", THREE)
                    .then()
                    .body("new", is(4))
                    .body("reused", is(4))
                    .body("jobs", is(0))
                    .body("estimated_usd", is(0))
                    .extract()
                    .path("id");
            post("text/csv", "?name=sequel&plan=" + plan, THREE)
                    .then()
                    .statusCode(202)
                    .body("counts.total", is(0));

            assertThat(jobs()).isEqualTo(4);
            given().get("/v1/takes?name=sequel&reference=cave")
                    .then()
                    .body("items.status", contains("succeeded"))
                    .body("items[0].outputs", hasSize(1));
            post("text/csv", "?name=third&dry_run=true&reuse=false", THREE)
                    .then()
                    .body("reused", is(0))
                    .body("jobs", is(4));
        }

        @Test
        void shouldRecordSeedsOfTakesWhereTheModelHasThem() {
            String file = "reference,model,audio,tags,takes,seed\n"
                    + "a," + STEP + ",https://example.org/a.mp3,folk,3,\n"
                    + "b," + STEP + ",https://example.org/a.mp3,folk,3,7\n";
            apply(file);

            List<String> ours =
                    tables.column("select p.input::json ->> 'seed' from job_payload p where reference = 'a'");
            assertThat(ours).hasSize(3).doesNotHaveDuplicates().allSatisfy(seed -> assertThat(Long.parseLong(seed))
                    .isBetween(0L, (long) Integer.MAX_VALUE));
            assertThat(tables.column("select p.input::json ->> 'seed' from job_payload p where reference = 'b'"))
                    .containsExactlyInAnyOrder("7", "8", "9");
            plan(file).body("unchanged", is(6));
        }

        @Test
        void shouldKeepTheLibraryOfABatchThatWasMadeWithoutAPlan() {
            post("text/csv", "?name=game", THREE).then().statusCode(202).body("counts.total", is(4));
            plan(THREE).body("unchanged", is(4)).body("jobs", is(0));
            post("text/csv", "?name=game", THREE).then().statusCode(202).body("counts.total", is(4));
        }

        @Test
        void shouldHaveOrphansLeaveNamesThatOthersAreToHave() {
            apply("reference,model,prompt,output\nold,$,rain,amb/Rain.{ext}\nkept,$,wind,amb/wind.{ext}\n");
            makeAll();

            apply("reference,model,prompt,output\nnew,$,heavy rain,amb/rain.{ext}\n")
                    .body("counts.total", is(1));

            assertThat(
                            tables.column(
                                    "select reference || ' ' || coalesce(name, '-') || ' ' || (place_at is not null) from take order by reference"))
                    .containsExactly("kept amb/wind false", "new amb/rain false", "old - true");
        }

        @Test
        void shouldUseWhatACancelledJobMadeAndNoOutputThatCameTooLate() {
            apply(THREE);
            makeAll();
            tables.run("update job set status = 'cancelled', version = version + 1 where reference = 'cave'");
            tables.run("update output set number = 1000"
                    + " where job_id = (select job_id from take where reference = 'forest')");

            plan(THREE).body("unchanged", is(3)).body("new", is(1));
            post("text/csv", "?name=sequel&dry_run=true", THREE).then().body("reused", is(3));
        }

        @Test
        void shouldRefuseFilesOfOneNameWithoutAPlanToo() {
            post("text/csv", "?name=game", "reference,model,prompt,output\na,$,x,one.{ext}\nb,$,y,One.{ext}\n")
                    .then()
                    .statusCode(422)
                    .body("errors.line", contains(3))
                    .body("errors.field", contains("output"));
            assertThat(jobs()).isZero();
        }

        @Test
        void shouldMakeOneBatchWhenAPlanIsAppliedByManyAtOnce() throws Exception {
            String plan = plan(THREE).extract().path("id");
            try (var pool = java.util.concurrent.Executors.newFixedThreadPool(4)) {
                var calls = java.util.stream.IntStream.range(0, 4)
                        .mapToObj(i -> pool.submit(() -> post("text/csv", "?name=game&plan=" + plan, THREE)
                                .<String>path("id")))
                        .toList();
                java.util.Set<String> ids = new java.util.HashSet<>();
                for (var call : calls) {
                    ids.add(call.get());
                }
                assertThat(ids).hasSize(1);
            }
            assertThat(jobs()).isEqualTo(4);
        }
    }

    @Nested
    class Retaking {
        @Test
        void shouldMakeAgainWhatSoundsAsThePolicySaysUpToItsLimit() {
            apply(THREE);
            makeAll();
            tables.run("update output set audio = '{\"verdict\":\"suspect\",\"reasons\":[\"silent\"]}'"
                    + " where job_id = (select job_id from take where reference = 'cave')");

            plan(THREE).body("retake", is(0)).body("unchanged", is(4));
            plan(THREE, "&retake=broken").body("retake", is(0));
            String id = plan(THREE, "&retake=broken,silent&max_retakes=1")
                    .body("retake", is(1))
                    .body("jobs", is(1))
                    .extract()
                    .path("id");
            given().get("/v1/plans/" + id + "/items").then().body("items.reason", contains("audio: silent"));

            apply(THREE, "&retake=broken,silent&max_retakes=1").body("counts.total", is(1));
            makeAll();
            tables.run("update output set audio = '{\"verdict\":\"suspect\",\"reasons\":[\"silent\"]}'");
            plan(THREE, "&retake=silent&max_retakes=1").body("retake", is(3));
        }

        @Test
        void shouldMakeARejectedTakeAgainUnlessAnotherIsPicked() {
            apply(THREE);
            makeAll();
            decide("reject", "ui/click", 1).statusCode(200).body("decision", is("rejected"));

            plan(THREE).body("retake", is(1));
            decide("pick", "ui/click", 2).statusCode(200).body("decision", is("picked"));
            plan(THREE).body("retake", is(0));
            decide("clear", "ui/click", 2).body("decision", nullValue());
            apply(THREE).body("counts.total", is(1));
            given().get("/v1/takes?name=game&reference=ui/click").then().body("items.decision", contains(null, null));
        }

        @Test
        void shouldNotComeBackToWhatWasRejectedWhenItsRetakeCameToNothing() {
            apply(THREE);
            makeAll();
            decide("reject", "cave", 1);
            apply(THREE).body("counts.total", is(1));
            tables.run(
                    "update job set status = 'cancelled', settled_at = now(), dispatch_at = null, version = version + 1"
                            + " where status = 'queued'");

            plan(THREE).body("retake", is(1)).body("reused", is(0)).body("new", is(0));
            apply(THREE).body("counts.total", is(1));
            assertThat(tables.value("select retakes from take where reference = 'cave'"))
                    .isEqualTo("2");
        }

        @Test
        void shouldTakeAnotherSeedUnlessTheLineNamesOne() {
            String file = "reference,model,audio,tags,takes,seed\n"
                    + "a," + STEP + ",https://example.org/a.mp3,folk,1,\n"
                    + "b," + STEP + ",https://example.org/a.mp3,folk,1,7\n";
            apply(file);
            makeAll();
            decide("reject", "a", 1);
            decide("reject", "b", 1);

            apply(file).body("counts.total", is(1));

            List<String> seeds = tables.column("select input::json ->> 'seed' from job_payload where reference = 'a'");
            assertThat(seeds).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Nested
    class Takes {
        @Test
        void shouldListThemByReferenceInPages() {
            apply(THREE);
            String cursor = given().get("/v1/takes?name=game&limit=2")
                    .then()
                    .statusCode(200)
                    .body("items.reference", contains("cave", "forest"))
                    .body("items.status", contains("queued", "queued"))
                    .extract()
                    .path("next_cursor");
            given().get("/v1/takes?name=game&limit=2&cursor=" + cursor)
                    .then()
                    .body("items.reference", contains("ui/click", "ui/click"))
                    .body("items.take", contains(1, 2))
                    .body("items[0].files", empty())
                    .body("next_cursor", nullValue());
            given().get("/v1/batches?name=game").then().body("items.name", contains("game"));
            given().get("/v1/batches?name=other").then().body("items", empty());
            given().get("/v1/libraries")
                    .then()
                    .body("items.name", contains("game"))
                    .body("items[0].cues", is(3))
                    .body("items[0].takes", is(4));
        }

        @Test
        void shouldRefuseDecisionsThatCannotBe() {
            apply(THREE);
            decide("reject", "cave", 1).statusCode(409);
            decide("pick", "cave", 1).statusCode(409).body("code", is("take_without_result"));
            decide("pick", "cave", 2).statusCode(404).body("detail", containsString("no take 2 of \"cave\""));
            given().contentType("application/json")
                    .body("{\"name\":\"game\",\"take\":0,\"ref\":1}")
                    .post("/v1/takes/reject")
                    .then()
                    .statusCode(422)
                    .body("errors.field", contains("ref", "reference", "take"));
            given().get("/v1/takes?name=none").then().statusCode(404);
            given().get("/v1/takes").then().statusCode(400);
        }
    }

    @Nested
    class Wwise {
        @Test
        void shouldGiveEachCueOnceWithAContainerForItsTakes() {
            apply(THREE.replace("cave,", "a:b,").replace("12.5,,{category}/{reference}", "12.5,,colon")
                    + "A/b,$,another,,,{category}/slash.{ext},x\n");
            makeAll();
            tables.run("update take set files = array['libraries/game/' || name || '.mp3'] where reference = 'forest'");

            String file = given().queryParam("root", "D:\\audio")
                    .get("/v1/takes/wwise?name=game")
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();

            List<List<String>> rows =
                    file.lines().map(line -> List.of(line.split("\t", -1))).toList();
            assertThat(file).endsWith("\r\n");
            assertThat(rows).hasSize(6).allSatisfy(row -> assertThat(row).hasSize(3));
            assertThat(rows.getFirst()).containsExactly("Audio File", "Object Path", "OriginalsSubFolder");
            String unit = "\\Actor-Mixer Hierarchy\\Default Work Unit\\";
            assertThat(rows.stream().skip(1).map(row -> row.get(1)))
                    .satisfiesExactlyInAnyOrder(
                            path -> assertThat(path).matches("\\Q" + unit + "<Sound SFX>a_b_\\E[0-9a-f]{8}"),
                            path -> assertThat(path).matches("\\Q" + unit + "<Sound SFX>A_b_\\E[0-9a-f]{8}"),
                            path -> assertThat(path).isEqualTo(unit + "<Sound SFX>forest"),
                            path -> assertThat(path)
                                    .isEqualTo(unit + "<Random Container>ui_click\\<Sound SFX>ui_click_01"),
                            path -> assertThat(path)
                                    .isEqualTo(unit + "<Random Container>ui_click\\<Sound SFX>ui_click_02"));
            assertThat(rows.stream().skip(1).map(row -> row.get(2))).containsOnly("game");
            assertThat(rows.stream().skip(1).map(row -> row.get(0)))
                    .allMatch(path -> path.startsWith("D:\\audio\\") && path.endsWith(".mp3"))
                    .contains("D:\\audio\\libraries\\game\\ambience\\forest.mp3");
        }

        @Test
        void shouldGiveThePickedTakeAloneAndNoRejectedOne() {
            apply(THREE);
            makeAll();
            decide("pick", "ui/click", 2);
            decide("reject", "cave", 1);

            String file = given().get("/v1/takes/wwise?name=game").asString();

            assertThat(file.lines().skip(1)).hasSize(2);
            assertThat(file)
                    .contains("<Sound SFX>ui_click\t", "<Sound SFX>forest\t")
                    .doesNotContain("Container", "cave");
            given().get("/v1/takes/wwise?name=none").then().statusCode(404);
            given().get("/v1/takes/wwise?name=game&parent=a/b")
                    .then()
                    .statusCode(400)
                    .body("errors[0].field", is("parent"));
        }
    }

    private static ValidatableResponse decide(String decision, String reference, int take) {
        return given().contentType("application/json")
                .body(Map.of("name", "game", "reference", reference, "take", take))
                .post("/v1/takes/" + decision)
                .then();
    }
}
