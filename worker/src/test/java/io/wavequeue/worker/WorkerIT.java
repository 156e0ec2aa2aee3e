package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalPoolInterceptor;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.job.HoldReason;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultAction.Answer;
import io.wavequeue.simulator.fault.FaultAction.Body;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.CancelStore;
import io.wavequeue.store.CancelStore.CancelResult;
import io.wavequeue.test.Servers;
import io.wavequeue.test.ServersResource;
import io.wavequeue.wiring.WavequeueConfig;
import io.wavequeue.worker.media.MediaUploads;
import io.wavequeue.worker.media.MediaUploads.Upload;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class WorkerIT {
    private static final String OUTPAINTING = "stability-ai/stable-audio-3/audio-outpainting";

    @Inject
    Jobs jobs;

    @Inject
    AccountStore accounts;

    @Inject
    CancelStore cancels;

    @Inject
    MediaUploads uploads;

    @Inject
    WavequeueConfig config;

    @Inject
    Heartbeat heartbeat;

    @Inject
    AgroalDataSource pool;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String databaseUrl;

    @ConfigProperty(name = "quarkus.datasource.jdbc.max-size")
    int connections;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
    }

    private void assertLedgerEqualsOurs() {
        assertThat(jobs.chargedUsd()).isEqualByComparingTo(simulator.totals().chargedUsd());
    }

    @Nested
    class Succeeding {
        @Test
        void shouldKeepResultTimingsAndCostWhenPredictionCompletes() throws IOException {
            UUID job = jobs.music("a calm menu theme");

            Map<String, Object> row = jobs.await(job, "succeeded");
            jobs.awaitArchived(job);

            Map<String, Object> attempt = jobs.attempts(job).getFirst();
            assertThat(attempt)
                    .containsEntry("status", "completed")
                    .containsEntry("number", 1)
                    .containsEntry("charged_usd", Jobs.MUSIC_PRICE)
                    .containsEntry("price_usd", Jobs.MUSIC_PRICE);
            assertThat(attempt.get("submitted_at")).isNotNull();
            assertThat(attempt.get("accepted_at")).isNotNull();
            assertThat(attempt.get("completed_at")).isNotNull();
            assertThat(attempt.get("detect_ms")).isNotNull();
            assertThat((Integer) attempt.get("polls")).isPositive();
            assertThat(row.get("settled_at")).isNotNull();
            assertThat(simulator.ledger().entries()).singleElement().satisfies(entry -> assertThat(entry.predictionId())
                    .isEqualTo(attempt.get("prediction_id")));
            Map<String, Object> output = jobs.row("select * from output where job_id = ?", job);
            Path file = config.dataDir().resolve("outputs").resolve((String) output.get("file"));
            assertThat(Files.size(file)).isEqualTo(output.get("bytes"));
            assertThat(Files.readAllBytes(file)).startsWith("RIFF".getBytes(StandardCharsets.US_ASCII));
            assertLedgerEqualsOurs();
        }

        @Test
        void shouldSendWhatWasAskedAndNoDefaults() {
            UUID job = jobs.enqueue(Jobs.MUSIC, "{\"prompt\":\"x\",\"guidance_scale\":1.50}", Jobs.MUSIC_PRICE);

            jobs.await(job, "succeeded");

            assertThat(simulator.ledger().entries().getFirst().body())
                    .isEqualTo("{\"prompt\":\"x\",\"guidance_scale\":1.50}");
        }

        @Test
        void shouldFollowThousandsAtOnceWhenTheProviderIsSlow() {
            simulator.order(FaultRule.once(FaultPhase.POLL, new FaultAction.ShowStatus("processing"))
                    .rate(1.0));

            jobs.musicInBulk(2_000);
            jobs.await(2_000, "running");
            simulator.clearFaults();

            jobs.await(2_000, "succeeded");
            assertThat(simulator.totals().accepted()).isEqualTo(2_000);
            assertThat(simulator.stats().submitsReceived()).isEqualTo(2_000);
            assertLedgerEqualsOurs();
        }
    }

    @Nested
    class Submitting {
        @ParameterizedTest
        @EnumSource(SpoiltAnswer.class)
        void shouldBecomeUncertainWithoutSecondPostWhenTheAnswerIsSpoilt(SpoiltAnswer spoilt) {
            simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, spoilt.action));

            UUID job = jobs.music("lost reply");

            Map<String, Object> row = jobs.await(job, "uncertain");
            assertThat(row).containsEntry("error_class", "uncertain_submission");
            assertThat(jobs.attempts(job)).singleElement().satisfies(attempt -> assertThat(attempt)
                    .containsEntry("status", "uncertain"));
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
            assertThat(simulator.totals().accepted()).isEqualTo(1);
        }

        @ParameterizedTest
        @CsvSource({"400,invalid_input", "404,invalid_input", "413,invalid_input", "422,invalid_input"})
        void shouldFailUnchargedWhenTheProviderRefuses(int status, String errorClass) {
            simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, Answer.of(status)));

            UUID job = jobs.music("refused");

            assertThat(jobs.await(job, "failed")).containsEntry("error_class", errorClass);
            assertThat(jobs.attempts(job)).singleElement().satisfies(attempt -> {
                assertThat(attempt).containsEntry("status", "refused");
                assertThat(attempt.get("charged_usd")).isNull();
            });
            assertThat(jobs.row("select sum(committed_usd) from budget_day").get("sum"))
                    .isEqualTo(new BigDecimal("0.000000"));
        }

        @ParameterizedTest
        @CsvSource({"408", "409", "500", "502", "503", "504"})
        void shouldBecomeUncertainWhenTheProviderMayHaveTakenIt(int status) {
            simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, Answer.of(status)));

            jobs.await(jobs.music("who knows"), "uncertain");

            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        }

        @Test
        void shouldGoAgainWithoutBurningAnAttemptWhenThrottled() {
            simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, new Answer(429, Body.JSON, 1, null, null)));

            UUID job = jobs.music("throttled");

            jobs.await(job, "succeeded");
            assertThat(jobs.attempts(job)).hasSize(1);
            assertThat(simulator.stats().submitsReceived()).isEqualTo(2);
            assertLedgerEqualsOurs();
        }

        /** The minute of the provider is half used by somebody else: a burst of ours meets a burst of 429s. */
        @Test
        void shouldSlowTheAccountOnceForABurstOf429sAndLoseNothing() {
            jobs.execute("update account set submits_per_minute = 20000");
            simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, new Answer(429, Body.JSON, 1, null, null))
                    .times(40));

            jobs.musicInBulk(80);

            Awaiting.until(
                    "the pace is halved",
                    () -> jobs.row("select pace_per_minute from account").get("pace_per_minute") != null);
            jobs.await(80, "succeeded");
            assertThat(jobs.row("select count(*), max(number) from attempt"))
                    .containsEntry("count", 80L)
                    .containsEntry("max", 1);
            assertThat(simulator.totals().accepted()).isEqualTo(80);
            assertThat(simulator.stats().submitsReceived()).isEqualTo(120);
            assertThat(jobs.row("select pace_per_minute from account"))
                    .as("as often as there were rounds, not as there were 429s")
                    .hasEntrySatisfying("pace_per_minute", pace -> assertThat((Integer) pace)
                            .isBetween(100, 10_000));
            assertLedgerEqualsOurs();
        }

        @ParameterizedTest
        @CsvSource({"401,unauthorized", "403,unauthorized", "402,out_of_credits"})
        void shouldHoldTheJobAndStopSubmittingWhenTheAccountIsInTrouble(int status, String reason) {
            simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, Answer.of(status)));

            UUID job = jobs.music("held");

            assertThat(jobs.await(job, "held"))
                    .containsEntry("hold_reason", reason)
                    .containsEntry("error_class", reason);
            assertThat(jobs.attempts(job)).isEmpty();
            UUID next = jobs.music("held as well");
            jobs.await(next, "held");
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);

            accounts.resume();

            jobs.await(job, "succeeded");
            jobs.await(next, "succeeded");
            assertLedgerEqualsOurs();
        }

        @Test
        void shouldHoldTheAccountBeforeTheJobWhenTheKeyIsRefused() throws SQLException {
            simulator.order(
                    FaultRule.once(FaultPhase.BEFORE_ACCEPT, Answer.of(401)).untilReleased());
            UUID job = jobs.music("held");
            Awaiting.until("the submit", () -> simulator.faults().getFirst().struck() == 1);

            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("set local idle_in_transaction_session_timeout = 0");
                statement.execute("select 1 from account for update");
                simulator.release();
                Awaiting.until("the hold waits for the account", () -> !jobs.rows("select 1 from pg_stat_activity"
                                + " where wait_event_type = 'Lock' and datname = current_database()"
                                + " and query like '%set hold_reason = %'")
                        .isEmpty());
                assertThat(jobs.row("select status from job where id = ?", job)).containsEntry("status", "submitting");
                connection.rollback();
            }

            jobs.await(job, "held");
            assertThat(accounts.read().hold()).isNotNull();
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        }
    }

    /** Ways in which the answer to an accepted submit can be lost. */
    enum SpoiltAnswer {
        RESET(new FaultAction.Drop(true)),
        CLOSED(new FaultAction.Drop(false)),
        STATUS_500(Answer.of(500)),
        HTML_502(new Answer(502, Body.HTML, null, null, null)),
        EMPTY_200(new Answer(200, Body.EMPTY, null, null, null)),
        CUT_JSON(new FaultAction.CutJson()),
        CUT(new FaultAction.Cut(10)),
        NULL_DATA(new FaultAction.NullData()),
        ENVELOPE_500(new FaultAction.Envelope(500, false));

        final FaultAction action;

        SpoiltAnswer(FaultAction action) {
            this.action = action;
        }
    }

    @Nested
    class Polling {
        @ParameterizedTest
        @CsvSource({
            "1200,moderated",
            "1400,invalid_input",
            "1401,invalid_input",
            "1402,media_unreachable",
        })
        void shouldFailWithTheClassOfTheTaskCode(int code, String errorClass) {
            simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(code, null)));

            UUID job = jobs.music("failing");

            assertThat(jobs.await(job, "failed")).containsEntry("error_class", errorClass);
            assertThat(jobs.attempts(job)).singleElement().satisfies(attempt -> assertThat(attempt)
                    .containsEntry("status", "failed")
                    .containsEntry("charged_usd", Jobs.MUSIC_PRICE));
            assertLedgerEqualsOurs();
        }

        @ParameterizedTest
        @CsvSource({"1403", "1405", "5000", "5003", "5004"})
        void shouldBuyAnotherAttemptWhenTheFailureIsRetryable(int code) {
            simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(code, null)));

            UUID job = jobs.music("second time lucky");

            assertThat(jobs.await(job, "succeeded").get("error_class")).isNull();
            assertThat(jobs.attempts(job))
                    .extracting(attempt -> attempt.get("status"))
                    .containsExactly("failed", "completed");
            assertThat(simulator.totals().accepted()).isEqualTo(2);
            assertLedgerEqualsOurs();
        }

        @Test
        void shouldGiveUpAfterMaxAttempts() {
            simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.End("cancelled"))
                    .times(3));

            UUID job = jobs.music("never");

            assertThat(jobs.await(job, "failed")).containsEntry("error_class", "provider_error");
            assertThat(jobs.attempts(job)).hasSize(3);
            assertThat(simulator.totals().accepted()).isEqualTo(3);
        }

        @Test
        void shouldBuyNoOtherAttemptWhenTheJobIsOlderThanItsDeadline() {
            simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(5000, null)));
            accounts.hold(HoldReason.PAUSED, "until it has aged");
            UUID job = jobs.music("too old");
            jobs.execute("update job set created_at = now() - interval '25 hours' where id = ?", job);
            accounts.resume();

            assertThat(jobs.await(job, "failed")).containsEntry("error_class", "provider_error");
            assertThat(jobs.attempts(job)).hasSize(1);
        }

        @Test
        void shouldPollOnWhenLooksFailOrShowWhatWeDoNotKnow() {
            simulator.set("latency", "fixed:500");
            simulator.order(FaultRule.once(FaultPhase.POLL, Answer.of(404)));
            simulator.order(FaultRule.once(FaultPhase.POLL, new FaultAction.ShowStatus("warming")));
            simulator.order(FaultRule.once(FaultPhase.POLL, Answer.of(503)));
            simulator.order(FaultRule.once(FaultPhase.POLL, new FaultAction.Drop(true)));

            UUID job = jobs.music("flicker");

            jobs.await(job, "succeeded");
            assertThat(simulator.totals().accepted()).isEqualTo(1);
        }

        @Test
        void shouldBecomeCancelledWithItsResultWhenCancelledWhileRunning() {
            simulator.order(FaultRule.once(FaultPhase.POLL, new FaultAction.ShowStatus("processing"))
                    .rate(1.0));
            UUID job = jobs.music("changed my mind");
            jobs.await(job, "running");

            assertThat(cancels.cancel(job)).isEqualTo(CancelResult.REQUESTED);
            simulator.clearFaults();

            jobs.await(job, "cancelled");
            jobs.awaitArchived(job);
            assertThat(cancels.cancel(job)).isEqualTo(CancelResult.TOO_LATE);
            assertLedgerEqualsOurs();
        }
    }

    @Nested
    class Archiving {
        @Test
        void shouldFetchAgainWhenADownloadIsCut() {
            simulator.order(FaultRule.once(FaultPhase.DOWNLOAD, new FaultAction.Cut(100)));
            simulator.order(FaultRule.once(FaultPhase.DOWNLOAD, Answer.of(503)));

            UUID job = jobs.music("cut");

            jobs.await(job, "succeeded");
            jobs.awaitArchived(job);
            assertThat(jobs.row("select tries from output where job_id = ?", job))
                    .containsEntry("tries", 3);
        }

        @Test
        void shouldGiveUpAnOutputThatTheProviderHasDeleted() {
            simulator.order(FaultRule.once(FaultPhase.DOWNLOAD, Answer.of(404)).rate(1.0));
            UUID job = jobs.music("nobody came for it");
            jobs.await(job, "succeeded");
            jobs.execute("update attempt set completed_at = now() - interval '8 days' where job_id = ?", job);

            Awaiting.until("its output to be lost", () -> !jobs.rows("""
                    select 1
                    from output
                    where job_id = ?
                      and lost_at is not null
                      and archive_at is null
                      and held_by is null
                      and error = 'the download was answered with 404'
                    """, job).isEmpty());

            simulator.clearFaults();
            assertThat(jobs.row("select status from job where id = ?", job)).containsEntry("status", "succeeded");
        }

        @Test
        void shouldFetchSoonWhatAnotherWorkerWasFetchingWhenItDied() {
            simulator.order(FaultRule.once(FaultPhase.DOWNLOAD, Answer.of(503)).rate(1.0));
            UUID job = jobs.music("left half-way");
            jobs.await(job, "succeeded");
            Awaiting.until("a try to have failed", () -> jobs.execute("""
                    update output
                    set held_by = gen_random_uuid(), archive_at = now() + interval '1 hour'
                    where job_id = ?
                      and tries > 0
                      and held_by is null
                    """, job) == 1);

            simulator.clearFaults();

            jobs.awaitArchived(job);
        }
    }

    @Nested
    class Budget {
        @Test
        void shouldHoldWhatTheDailyBudgetDoesNotCoverAndGoOnWhenItIsRaised() {
            jobs.execute("update account set daily_budget_usd = 0.05");
            List<UUID> all = List.of(jobs.music("one"), jobs.music("two"), jobs.music("three"));

            jobs.await(1, "held");
            jobs.await(2, "succeeded");
            assertThat(jobs.row("select hold_reason, error_message from job where status = 'held'"))
                    .containsEntry("hold_reason", "budget")
                    .hasEntrySatisfying("error_message", message -> assertThat((String) message)
                            .contains("0.050000")
                            .contains("daily_budget_usd"));
            assertThat(simulator.totals().chargedUsd()).isEqualByComparingTo("0.0434");

            jobs.execute("update account set daily_budget_usd = 0.10");

            all.forEach(job -> jobs.await(job, "succeeded"));
            assertThat(simulator.totals().accepted()).isEqualTo(3);
        }
    }

    @Nested
    class Databases {
        @Test
        void shouldFinishEveryJobOnceWhenConnectionsAreEndedUnderWay() {
            simulator.set("latency", "fixed:300");
            jobs.musicInBulk(300);

            for (int done = 30; done <= 240; done += 70) {
                int enough = done;
                Awaiting.until(enough + " jobs are done", () -> jobs.count("succeeded") >= enough);
                Servers.postgres().endConnections(databaseUrl);
            }

            jobs.await(300, "succeeded");
            assertThat(simulator.totals().accepted()).isEqualTo(300);
            assertThat(simulator.stats().submitsReceived()).isEqualTo(300);
            assertLedgerEqualsOurs();
        }

        @Test
        void shouldBeatWhileEveryOtherConnectionIsBusy() throws SQLException {
            List<Connection> busy = new ArrayList<>();
            try (Connection watching = DriverManager.getConnection(databaseUrl)) {
                while (busy.size() < connections) {
                    busy.add(pool.getConnection());
                }
                long before = beat(watching);

                Awaiting.until("the worker beats on", () -> beat(watching) >= before + 2);
            } finally {
                for (Connection connection : busy) {
                    connection.close();
                }
            }
        }

        private long beat(Connection connection) {
            try (PreparedStatement statement = connection.prepareStatement("select beat from worker where id = ?")) {
                statement.setObject(1, heartbeat.workerId());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    @Nested
    class Media {
        private static final String SHA256 = "ab".repeat(32);

        @BeforeEach
        void add() throws IOException {
            Path folder = Files.createDirectories(config.dataDir().resolve("media"));
            Files.write(folder.resolve(SHA256), new byte[2_000]);
            jobs.execute("delete from media");
            jobs.execute(
                    "insert into media (sha256, bytes, content_type, filename) values (?, 2000, 'audio/wav', 'wind.wav')",
                    SHA256);
        }

        @Test
        void shouldUploadASourceClipOnceAndSendItsUrl() {
            String input =
                    "{\"prompt\":\"wind\",\"audio\":\"media:sha256:" + SHA256 + "\",\"extend_seconds_after\":2.0}";

            List<UUID> all = IntStream.range(0, 5)
                    .mapToObj(i -> jobs.enqueue(OUTPAINTING, input, new BigDecimal("0.044600")))
                    .toList();

            all.forEach(job -> jobs.await(job, "succeeded"));
            assertThat(simulator.stats().requests().get("upload_put")).isEqualTo(1);
            assertThat(simulator.ledger().entries()).allSatisfy(entry -> {
                assertThat(entry.body()).contains("\"audio\":\"http").contains("\"extend_seconds_after\":2.0");
            });
        }

        @Test
        void shouldNotUploadAgainWhatArrivedSinceItWasLookedFor() throws Exception {
            CountDownLatch looked = new CountDownLatch(1);
            CountDownLatch arrived = new CountDownLatch(1);
            FutureTask<Upload> early = new FutureTask<>(() -> uploads.upload(SHA256));
            Thread thread = Thread.ofVirtual().unstarted(early);
            pool.setPoolInterceptors(List.of(new AgroalPoolInterceptor() {
                @Override
                public void onConnectionReturn(Connection connection) {
                    if (Thread.currentThread() == thread && looked.getCount() > 0) {
                        looked.countDown();
                        await(arrived);
                    }
                }
            }));
            try {
                thread.start();
                assertThat(looked.await(60, TimeUnit.SECONDS)).isTrue();
                Awaiting.until("the upload", () -> uploads.upload(SHA256) instanceof Upload.Done);
                arrived.countDown();
                early.get(60, TimeUnit.SECONDS);

                assertThat(simulator.stats().requests().get("upload_put")).isEqualTo(1);
            } finally {
                arrived.countDown();
                pool.setPoolInterceptors(List.of());
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
