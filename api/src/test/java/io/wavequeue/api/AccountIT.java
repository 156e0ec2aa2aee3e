package io.wavequeue.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class AccountIT {
    @Inject
    Tables tables;

    @BeforeEach
    void emptyTables() {
        tables.empty();
    }

    private static ValidatableResponse patch(String body) {
        return given().contentType("application/json")
                .body(body)
                .patch("/v1/account")
                .then();
    }

    private static Response account() {
        return given().get("/v1/account");
    }

    @Test
    void shouldShowTheAccountWithEveryField() {
        assertThat(account().asString()).isEqualTo("""
                        {"tier":"ultra","limits":{"submits_per_minute":5000,"max_in_flight":10000},\
                        "use":{"in_flight":0,"submits_last_minute":0},"budget":{"daily_usd":null,"committed_today_usd":0},\
                        "hold":null,"throttled_until":null,"balance_usd":null,"paused":false,"breaker":null,"pace":null}""");
    }

    @Test
    void shouldShowUseBudgetAndBalance() {
        tables.run("insert into budget_day values ((now() at time zone 'UTC')::date, 3.1682)");
        tables.run(
                "update account set balance_usd = 61.4, throttled_until = now() + interval '1 hour', daily_budget_usd = 10");
        account()
                .then()
                .body("budget.daily_usd", is(10))
                .body("budget.committed_today_usd", is(3.1682f))
                .body("balance_usd", is(61.4f))
                .body("throttled_until", notNullValue());
        tables.run("update account set throttled_until = now() - interval '1 hour'");
        account().then().body("throttled_until", nullValue());
    }

    @Test
    void shouldShowThePaceUntilTheAccountIsResumed() {
        tables.run("update account set submits_per_minute = 600, pace_per_minute = 300, pace_full = 600,"
                + " pace_since = now() - interval '1 minute'");
        account()
                .then()
                .body(
                        "pace.submits_per_minute",
                        is(both(greaterThanOrEqualTo(450)).and(lessThan(525))))
                .body("pace.full_again_at", notNullValue())
                .body("limits.submits_per_minute", is(600));
        patch("{\"submits_per_minute\": 310}").body("pace", nullValue());
        patch("{\"submits_per_minute\": 5000}").body("pace.submits_per_minute", greaterThanOrEqualTo(1_550));

        given().post("/v1/account/resume").then().body("pace", nullValue());
        assertThat(tables.value("select num_nulls(pace_per_minute, pace_full, pace_since) from account"))
                .isEqualTo("3");
    }

    @Test
    void shouldShowTheBreakersUntilTheAccountIsResumed() {
        tables.run("insert into breaker (scope, cause, failures, threshold, probe_wait_ms, reason)"
                + " values ('a/model', 'unanswered', 2, 5, 10000, 'HTTP 500')");
        account().then().body("breaker.scope", is("a/model")).body("breaker.state", is("closed"));
        tables.run("insert into breaker (scope, cause, failures, threshold, opened_at, probe_at, probe_wait_ms, reason)"
                + " values ('*', 'unanswered', 7, 1, now(), now() + interval '10 s', 10000, 'HTTP 503')");

        account()
                .then()
                .body("breaker.scope", is("*"))
                .body("breaker.state", is("open"))
                .body("breaker.since", notNullValue())
                .body("breaker.next_probe_at", notNullValue())
                .body("breaker.failures", is(7))
                .body("breaker.cause", is("unanswered"))
                .body("breaker.reason", is("HTTP 503"))
                .body("breaker.others[0].scope", is("a/model"));

        given().post("/v1/account/resume").then().statusCode(200).body("breaker", nullValue());
    }

    @Test
    void shouldSetThePresetWhenATierIsGiven() {
        patch("{\"tier\":\"silver\"}")
                .statusCode(200)
                .body("tier", is("silver"))
                .body("limits.submits_per_minute", is(500))
                .body("limits.max_in_flight", is(300));
    }

    @Test
    void shouldBecomeCustomWhenNumbersAreGiven() {
        patch("{\"tier\":\"silver\",\"max_in_flight\":7,\"daily_budget_usd\":2.50}")
                .statusCode(200)
                .body("tier", is("custom"))
                .body("limits.submits_per_minute", is(500))
                .body("limits.max_in_flight", is(7))
                .body("budget.daily_usd", is(2.5f));
        patch("{\"submits_per_minute\":60}").body("limits.max_in_flight", is(7)).body("budget.daily_usd", is(2.5f));
        patch("{\"daily_budget_usd\":null}")
                .body("budget.daily_usd", nullValue())
                .body("tier", is("custom"));
        patch("{}").statusCode(200).body("limits.submits_per_minute", is(60));
    }

    @Test
    void shouldListEveryFaultAndChangeNothing() {
        patch(
                        "{\"tier\":\"platinum\",\"submits_per_minute\":0,\"max_in_flight\":\"9\",\"daily_budget_usd\":-1,\"max_inflight\":3}")
                .statusCode(422)
                .contentType("application/problem+json")
                .body(
                        "errors.field",
                        containsInAnyOrder(
                                "tier", "submits_per_minute", "max_in_flight", "daily_budget_usd", "max_inflight"))
                .body(
                        "errors.find { it.field == 'max_inflight' }.message",
                        containsString("did you mean \"max_in_flight\"?"));
        account().then().body("tier", is("ultra"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "1",
                "{\"tier\":null}",
                "{\"tier\":1}",
                "{\"tier\":\"custom\"}",
                "{\"tier\":\"Silver\"}",
                "{\"submits_per_minute\":1.5}",
                "{\"submits_per_minute\":null}",
                "{\"submits_per_minute\":99999999999}",
                "{\"max_in_flight\":-1}",
                "{\"max_in_flight\":true}",
                "{\"daily_budget_usd\":\"10\"}",
                "{\"daily_budget_usd\":0.0000001}",
                "{\"daily_budget_usd\":1e300}",
                "{\"daily_budget_usd\":1e-300}",
                "{\"daily_budget_usd\":{}}",
                "{\"balance_usd\":5}"
            })
    void shouldRefuseTheChangeWhenItIsWrong(String body) {
        patch(body).statusCode(422).contentType("application/problem+json").body("errors.size()", is(1));
    }

    @Test
    void shouldRefuseTheChangeWhenItIsNotJson() {
        patch("{").statusCode(400).body("code", is("malformed_json"));
        given().contentType("text/plain").body("x").patch("/v1/account").then().statusCode(415);
    }

    @Test
    void shouldStopAndGoOnWhenPausedAndResumed() {
        given().post("/v1/account/pause")
                .then()
                .statusCode(200)
                .body("paused", is(true))
                .body("hold.reason", is("paused"))
                .body("hold.message", containsString("resume"));
        given().post("/v1/account/pause").then().statusCode(200).body("paused", is(true));
        given().post("/v1/account/resume")
                .then()
                .statusCode(200)
                .body("paused", is(false))
                .body("hold", nullValue());
    }

    @Test
    void shouldResumeWhateverStoppedIt() {
        tables.run("update account set hold_reason = 'unauthorized', hold_message = 'the key was refused'");
        account().then().body("paused", is(false)).body("hold.reason", is("unauthorized"));
        given().post("/v1/account/resume").then().body("hold", nullValue());
    }
}
