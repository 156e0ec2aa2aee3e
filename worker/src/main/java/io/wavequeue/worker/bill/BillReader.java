package io.wavequeue.worker.bill;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.job.BillRow;
import io.wavequeue.job.DifferenceKind;
import io.wavequeue.store.BillStore;
import io.wavequeue.store.BillStore.Lease;
import io.wavequeue.store.BillStore.LeaseLostException;
import io.wavequeue.store.BillStore.Patience;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.PriceStopStore;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.provider.BillPage;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.run.Sleeper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the provider's bill to its end, page by page, in one process at a time.
 *
 * <p>Every page is written before the next one is asked for, with the cursor, so that memory does not grow with what was
 * missed, and a crash repeats little and changes nothing. No transaction is open while the provider is asked.
 */
@ApplicationScoped
public class BillReader {
    private static final Logger LOG = Logger.getLogger(BillReader.class);

    private static final int TRIES = 3;

    private final WaveSpeed provider;
    private final BillStore store;
    private final PriceStopStore prices;
    private final BillMetrics metrics;
    private final BillConfig config;
    private final Sleeper sleeper;
    private final Duration leaseLength;
    private final UUID id = UUID.randomUUID();
    private volatile boolean stopping;

    BillReader(
            WaveSpeed provider,
            BillStore store,
            PriceStopStore prices,
            BillMetrics metrics,
            BillConfig config,
            Sleeper sleeper) {
        this.provider = provider;
        this.store = store;
        this.prices = prices;
        this.metrics = metrics;
        this.config = config;
        this.sleeper = sleeper;
        // As long as asking for one page can take, with every try.
        this.leaseLength = provider.longestRead().plus(config.askAgain()).multipliedBy(TRIES);
    }

    /** What became of a step. */
    public enum Pass {
        /** The bill was read to its end. */
        READ,
        /** It is not due, or another process reads it. */
        NOT_DUE,
        /** The provider did not answer as it should; what was read is kept, and the next pass goes on from there. */
        BROKEN_OFF,
        /** Another process reads it by now. */
        LEASE_LOST
    }

    void onStart(@Observes StartupEvent start) {
        Thread.ofVirtual().name("bill").start(this::run);
    }

    void onStop(@Observes ShutdownEvent stop) {
        stopping = true;
    }

    private void run() {
        try {
            while (!stopping) {
                try {
                    if (config.enabled()) {
                        step();
                    } else {
                        metrics.show(store.state());
                    }
                } catch (DatabaseAwayException away) {
                    LOG.warnf("reading the bill waits: %s", away.getMessage());
                } catch (RuntimeException failure) {
                    if (!stopping) {
                        LOG.error("reading the bill failed and is tried again", failure);
                    }
                }
                sleeper.sleep(config.every());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads what is new on the bill, if it is due and nobody else reads it. */
    public Pass step() throws InterruptedException {
        Pass pass = pass();
        prices.announce().forEach(stop -> LOG.errorf("stopped: %s", stop.message()));
        metrics.show(store.state());
        return pass;
    }

    private Pass pass() throws InterruptedException {
        Optional<Lease> taken = store.lease(id, leaseLength);
        if (taken.isEmpty()) {
            return Pass.NOT_DUE;
        }
        Lease ours = taken.get();
        Map<DifferenceKind, Integer> found = new EnumMap<>(DifferenceKind.class);
        try {
            read(ours, found);
            add(found, store.readToEnd(ours, config.overlap(), patience()));
            store.release(ours, config.every());
            return Pass.READ;
        } catch (IOException trouble) {
            LOG.warnf(
                    "the provider's bill cannot be read just now, so charges and refunds are not up to date; tried again in %s: %s",
                    config.every(), trouble.getMessage());
            store.release(ours, config.every());
            return Pass.BROKEN_OFF;
        } catch (LeaseLostException lost) {
            LOG.infof("%s; what this one had read last is dropped", lost.getMessage());
            return Pass.LEASE_LOST;
        } finally {
            found.forEach(BillReader::alarm);
        }
    }

    private void read(Lease lease, Map<DifferenceKind, Integer> found) throws IOException, InterruptedException {
        BillWalk walk = new BillWalk(lease.position().minus(config.overlap()));
        List<BillRow> before = List.of();
        int unreadable = 0;
        while (true) {
            BillPage page = ask(walk);
            // A provider that gives the same page whatever number is asked for would never come to an end.
            boolean repeated =
                    !page.rows().isEmpty() && walk.page() > 1 && page.rows().equals(before);
            boolean last = walk.take(page) || repeated;
            unreadable += page.unreadable();
            @Nullable Instant position = walk.position(last);
            if (!page.rows().isEmpty() || last) {
                KillPoint.reach("bill.before");
                add(found, store.keep(lease, page.rows(), position, patience()));
                KillPoint.reach("bill.after");
            }
            if (last) {
                break;
            }
            before = page.rows();
        }
        if (unreadable > 0) {
            LOG.errorf(
                    "%d lines of the provider's bill have no readable amount or time and are in no sum: the provider changed its form, look at billings/search",
                    unreadable);
        }
    }

    /** A question costs nothing: it is asked some times before the pass is broken off and begun anew. */
    private BillPage ask(BillWalk walk) throws IOException, InterruptedException {
        for (int asked = 1; ; asked++) {
            try {
                return provider.bill(walk.from(), walk.page());
            } catch (IOException trouble) {
                if (asked == TRIES) {
                    throw trouble;
                }
                sleeper.sleep(config.askAgain());
            }
        }
    }

    private Patience patience() {
        return new Patience(config.refundAfter(), config.slack());
    }

    private static void add(Map<DifferenceKind, Integer> sum, Map<DifferenceKind, Integer> some) {
        some.forEach((kind, count) -> sum.merge(kind, count, Integer::sum));
    }

    /** One line per kind and pass, however many differences there are. */
    private static void alarm(DifferenceKind kind, int count) {
        String where = "see GET /v1/costs/differences?kind=" + kind.code();
        switch (kind) {
            case CHARGED_TWICE ->
                LOG.errorf("%d predictions were charged more than once; claim it from the provider; %s", count, where);
            case REFUND_MISSING ->
                LOG.errorf(
                        "%d failed predictions were charged and not refunded in time; claim it from the provider; %s",
                        count, where);
            case CHARGED_WITHOUT_JOB ->
                LOG.warnf(
                        "%d charged predictions are unknown and may belong to attempts without one; if they stay, resolve those jobs; %s",
                        count, where);
            case OTHER_PRICE ->
                LOG.warnf(
                        "%d predictions were charged at another price than expected; correct the catalogue's price; %s",
                        count, where);
            case NOT_OURS ->
                LOG.warnf("%d charged predictions are not ours; does anybody else use this account? %s", count, where);
        }
    }
}
