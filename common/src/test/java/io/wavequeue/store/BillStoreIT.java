package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.job.BillRow;
import io.wavequeue.job.BillRow.Kind;
import io.wavequeue.job.DifferenceKind;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.LookoutReason;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.BillStore.Lease;
import io.wavequeue.store.BillStore.LeaseLostException;
import io.wavequeue.store.BillStore.Patience;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BillStoreIT {
    private static final Patience PATIENCE = new Patience(Duration.ofHours(3), Duration.ofMinutes(10));
    private static final Duration LEASE = Duration.ofMinutes(3);
    private static final JobError ERROR = JobError.of(ErrorClass.PROVIDER_ERROR, "it broke");

    private StoreFixture store;
    private BillStore bill;
    private ClaimedJob job;

    @BeforeEach
    void claimed() {
        store = new StoreFixture();
        bill = new BillStore(store.database);
        job = store.claims
                .claim(store.worker, store.fences.next(), 10, store.ready(1))
                .claimed()
                .getFirst();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void apply(JobStatus expected, Next next, AttemptChange attempt) {
        Transition transition = new Transition(job.jobId(), job.fence(), expected, next, attempt, Instant.now());
        assertThat(store.transitions.apply(List.of(transition))).hasSize(1);
    }

    private void accept() {
        apply(JobStatus.SUBMITTING, new Next.Running(), new AttemptChange.Accepted("p", Instant.now()));
    }

    private void fail() {
        apply(
                JobStatus.RUNNING,
                new Next.Failed(ERROR),
                new AttemptChange.Ended(ERROR, new Observation(1, null, null)));
    }

    private void uncertain() {
        apply(JobStatus.SUBMITTING, new Next.Uncertain(ERROR), new AttemptChange.Uncertain(ERROR, Instant.now()));
    }

    private static BillRow row(String uuid, @Nullable String prediction, Kind kind, String usd) {
        return new BillRow(uuid, prediction, "m", kind, new BigDecimal(usd), Instant.now(), true);
    }

    private Lease lease() {
        store.execute("update bill_cursor set due_at = now()");
        return bill.lease(UUID.randomUUID(), LEASE).orElseThrow();
    }

    /** One whole pass over a bill of these lines. */
    private Map<DifferenceKind, Integer> read(BillRow... rows) {
        Lease lease = lease();
        Map<DifferenceKind, Integer> found = new EnumMap<>(DifferenceKind.class);
        found.putAll(bill.keep(lease, List.of(rows), Instant.now(), PATIENCE));
        found.putAll(bill.readToEnd(lease, Duration.ofMinutes(10), PATIENCE));
        bill.release(lease, Duration.ZERO);
        return found;
    }

    private String attempt() {
        return store.text(
                "select concat_ws(' ', status, coalesce(charged_usd::text, '-'), coalesce(refunded_usd::text, '-')) from attempt");
    }

    private String committed() {
        return store.text("select sum(committed_usd) from budget_day");
    }

    private List<String> differences() {
        return store.texts(
                "select concat_ws(' ', kind, expected_usd, billed_usd, case when resolved_at is null then 'open' else 'resolved' end)"
                        + " from bill_difference order by id");
    }

    @Nested
    class Leasing {
        @Test
        void shouldGiveTheBillToOneReaderAtATime() {
            UUID first = UUID.randomUUID();
            assertThat(bill.lease(first, LEASE)).isPresent();

            assertThat(bill.lease(UUID.randomUUID(), LEASE)).isEmpty();
            assertThat(bill.lease(first, LEASE)).isPresent();
        }

        @Test
        void shouldNotBeReadAgainBeforeItIsDue() {
            bill.release(lease(), Duration.ofMinutes(1));

            assertThat(bill.lease(UUID.randomUUID(), LEASE)).isEmpty();
        }

        @Test
        void shouldWriteNothingWhenTheLeaseWasLost() {
            Lease old = lease();
            store.execute("update bill_cursor set lease_until = now() - interval '1 s'");
            Lease next = lease();

            assertThatThrownBy(() ->
                            bill.keep(old, List.of(row("r", "p", Kind.DEDUCT, "0.0217")), Instant.now(), PATIENCE))
                    .isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(() -> bill.readToEnd(old, Duration.ZERO, PATIENCE))
                    .isInstanceOf(LeaseLostException.class);
            bill.release(old, Duration.ofHours(1));

            assertThat(store.text("select count(*) from bill_row")).isEqualTo("0");
            assertThat(store.text("select fence from bill_cursor where due_at <= now()"))
                    .isEqualTo(Long.toString(next.fence()));
            assertThat(store.text("select read_at is null and holder is not null from bill_cursor"))
                    .isEqualTo("t");
        }

        @Test
        void shouldNeverMoveTheCursorBack() {
            Lease lease = lease();
            bill.keep(lease, List.of(), Instant.parse("2026-02-01T00:00:00Z"), PATIENCE);
            bill.keep(lease, List.of(), Instant.parse("2026-01-01T00:00:00Z"), PATIENCE);
            bill.keep(lease, List.of(), null, PATIENCE);
            bill.release(lease, Duration.ZERO);

            assertThat(lease().position()).isEqualTo("2026-02-01T00:00:00Z");
        }
    }

    @Nested
    class Booking {
        @Test
        void shouldTakeTheBillsAmountAndCountItOnceWhenTheAttemptEnds() {
            accept();
            read(row("r", "p", Kind.DEDUCT, "0.03"));
            assertThat(attempt()).isEqualTo("accepted 0.030000 -");
            // While it is open, its reservation counts and its charge does not.
            assertThat(committed()).isEqualTo("0.021700");

            fail();
            assertThat(committed()).isEqualTo("0.030000");

            read(row("r", "p", Kind.DEDUCT, "0.03"), row("back", "p", Kind.REFUND, "0.03"));
            read(row("r", "p", Kind.DEDUCT, "0.03"), row("back", "p", Kind.REFUND, "0.03"));
            assertThat(attempt()).isEqualTo("failed 0.030000 0.030000");
            assertThat(committed()).isEqualTo("0.000000");
        }

        @Test
        void shouldCountARefundThatWasSeenBeforeTheAttemptEnded() {
            accept();
            read(row("r", "p", Kind.DEDUCT, "0.0217"), row("back", "p", Kind.REFUND, "0.0117"));

            fail();

            assertThat(committed()).isEqualTo("0.010000");
        }

        @Test
        void shouldFollowAnAmountThatChangesWhenTheOrderIsSettled() {
            accept();
            fail();
            BillRow open = new BillRow("r", "p", "m", Kind.DEDUCT, new BigDecimal("0.05"), Instant.now(), false);
            assertThat(read(open)).containsEntry(DifferenceKind.OTHER_PRICE, 1);

            read(row("r", "p", Kind.DEDUCT, "0.0217"));

            assertThat(attempt()).isEqualTo("failed 0.021700 -");
            assertThat(committed()).isEqualTo("0.021700");
            assertThat(differences()).containsExactly("other_price 0.021700 0.050000 resolved");
        }

        @Test
        void shouldBookLaterWhatIsBeingChangedNow() throws Exception {
            accept();
            fail();
            Lease lease = lease();
            store.database.inTransaction(connection -> {
                try (Bind bind = Bind.of(connection, "select 1 as one from attempt for update")) {
                    bind.row(row -> row.getInt("one"));
                }
                // Another connection, while this one holds the attempt: nothing is waited for, nothing is lost.
                bill.keep(lease, List.of(row("r", "p", Kind.DEDUCT, "0.03")), Instant.now(), PATIENCE);
                return "";
            });
            assertThat(attempt()).isEqualTo("failed 0.021700 -");

            bill.readToEnd(lease, Duration.ZERO, PATIENCE);

            assertThat(attempt()).isEqualTo("failed 0.030000 -");
            assertThat(committed()).isEqualTo("0.030000");
        }
    }

    @Nested
    class Unknown {
        @Test
        void shouldSayNothingWhileASubmitIsUnderWay() {
            assertThat(read(row("r", "p", Kind.DEDUCT, "0.0217"))).isEmpty();

            accept();

            assertThat(read()).isEmpty();
            assertThat(attempt()).isEqualTo("accepted 0.021700 -");
            assertThat(store.text("select booked from bill_row")).isEqualTo("t");
            assertThat(differences()).isEmpty();
        }

        @Test
        void shouldNameTheJobThatAChargeMayBelongToAndResolveWhenItIsAdopted() {
            uncertain();
            assertThat(read(row("r", "p", Kind.DEDUCT, "0.0217")))
                    .containsExactly(Map.entry(DifferenceKind.CHARGED_WITHOUT_JOB, 1));
            assertThat(store.text("select job_id from bill_difference"))
                    .isEqualTo(job.jobId().toString());
            assertThat(attempt()).isEqualTo("uncertain - -");

            store.execute("update attempt set status = 'accepted', prediction_id = 'p', charged_usd = price_usd");
            read();

            assertThat(differences()).containsExactly("charged_without_job 0.000000 0.021700 resolved");
            assertThat(store.text("select booked from bill_row")).isEqualTo("t");
        }

        @Test
        void shouldBecomeNotOursWhenTheAttemptTurnsOutToBeAnothers() {
            uncertain();
            read(row("r", "p", Kind.DEDUCT, "0.0217"));

            store.execute("update attempt set status = 'accepted', prediction_id = 'other', charged_usd = price_usd");
            assertThat(read()).containsExactly(Map.entry(DifferenceKind.NOT_OURS, 1));

            assertThat(differences())
                    .containsExactly(
                            "charged_without_job 0.000000 0.021700 resolved", "not_ours 0.000000 0.021700 open");
        }

        @ParameterizedTest
        @CsvSource({"m,charged_without_job", "another/model,not_ours", "5f2c,charged_without_job"})
        void shouldCompareTheModelAsFarAsItsFormIsKnown(String model, String kind) {
            uncertain();
            BillRow row = new BillRow("r", "p", model, Kind.DEDUCT, new BigDecimal("0.0217"), Instant.now(), true);

            read(row);

            assertThat(store.text("select kind from bill_difference")).isEqualTo(kind);
        }

        @Test
        void shouldBeNotOursWhenNoAttemptIsNear() {
            uncertain();
            store.execute("update attempt set claimed_at = now() - interval '1 hour'");

            read(row("r", "p", Kind.DEDUCT, "0.0217"), row("top", null, Kind.DEDUCT, "5"));

            assertThat(differences())
                    .containsExactlyInAnyOrder("not_ours 0.000000 0.021700 open", "not_ours 0.000000 5.000000 open");
        }

        @Test
        void shouldBookTheRefundAsWellWhenAdoptedLongAfterIt() {
            uncertain();
            read(row("r", "p", Kind.DEDUCT, "0.0217"));
            read(row("back", "p", Kind.REFUND, "0.0217"));
            assertThat(differences()).containsExactly("charged_without_job 0.000000 0.021700 resolved");

            store.execute("update attempt set status = 'failed', prediction_id = 'p', charged_usd = price_usd");
            read();

            assertThat(attempt()).isEqualTo("failed 0.021700 0.021700");
        }
    }

    @Nested
    class Resolving {
        @Test
        void shouldStayResolvedByHandUntilTheAmountChanges() {
            accept();
            fail();
            assertThat(read(row("r", "p", Kind.DEDUCT, "0.03"))).containsEntry(DifferenceKind.OTHER_PRICE, 1);
            store.execute("update bill_difference set resolved_at = now()");

            assertThat(read(row("r", "p", Kind.DEDUCT, "0.03"))).isEmpty();
            assertThat(differences()).containsExactly("other_price 0.021700 0.030000 resolved");

            assertThat(read(row("r", "p", Kind.DEDUCT, "0.04"))).containsEntry(DifferenceKind.OTHER_PRICE, 1);
            assertThat(differences()).containsExactly("other_price 0.021700 0.040000 open");
        }

        @Test
        void shouldResolveTheSecondChargeWhenItComesBack() {
            accept();
            assertThat(read(row("r1", "p", Kind.DEDUCT, "0.0217"), row("r2", "p", Kind.DEDUCT, "0.0217")))
                    .containsExactly(Map.entry(DifferenceKind.CHARGED_TWICE, 1));

            read(row("back", "p", Kind.REFUND, "0.0217"));

            assertThat(differences()).containsExactly("charged_twice 0.021700 0.043400 resolved");
            assertThat(attempt()).isEqualTo("accepted 0.043400 0.021700");
        }

        @Test
        void shouldCompareNoPriceThatNobodyKnows() {
            accept();
            store.execute("update attempt set price_usd = null, charged_usd = null");

            assertThat(read(row("r", "p", Kind.DEDUCT, "0.03"))).isEmpty();

            assertThat(attempt()).isEqualTo("accepted 0.030000 -");
        }

        @Test
        void shouldMissNoRefundWhileThePredictionIsStillLookedAt() {
            accept();
            apply(
                    JobStatus.RUNNING,
                    new Next.Failed(ERROR),
                    new AttemptChange.Unfollowed(ERROR, new Observation(1, null, null), LookoutReason.DEADLINE));
            store.execute("update attempt set completed_at = now() - interval '5 hours'");
            assertThat(read(row("r", "p", Kind.DEDUCT, "0.0217"))).isEmpty();

            store.lookouts.failed("p", ERROR, null);
            assertThat(read()).isEmpty();
            store.execute("update lookout set ended_at = now() - interval '3 hours 1 minute'");

            assertThat(read()).containsExactly(Map.entry(DifferenceKind.REFUND_MISSING, 1));
        }

        @Test
        void shouldMissARefundOnlyAfterItsTimeAndOnlyWhenItWasCharged() {
            accept();
            fail();
            read(row("r", "p", Kind.DEDUCT, "0.0217"));
            assertThat(differences()).isEmpty();
            store.execute("update attempt set completed_at = now() - interval '2 hours 59 minutes'");
            assertThat(read()).isEmpty();
            store.execute("update attempt set completed_at = now() - interval '3 hours 1 minute'");
            assertThat(read()).containsExactly(Map.entry(DifferenceKind.REFUND_MISSING, 1));
            assertThat(read()).isEmpty();
            assertThat(bill.state().open())
                    .containsEntry(DifferenceKind.REFUND_MISSING, 1)
                    .containsEntry(DifferenceKind.NOT_OURS, 0)
                    .hasSize(DifferenceKind.values().length);

            read(row("back", "p", Kind.REFUND, "0.0217"));

            assertThat(differences()).containsExactly("refund_missing 0.000000 0.021700 resolved");
            assertThat(bill.state().ageSeconds()).isBetween(0.0, 60.0);
        }
    }
}
