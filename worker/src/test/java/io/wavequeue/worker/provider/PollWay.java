package io.wavequeue.worker.provider;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Ways to look at predictions again and again, for {@code ./wavequeue bench clients}. */
enum PollWay {
    /** What workers do: one virtual thread each, and the client that they have. */
    VERTX_THREADS(HttpVersion.HTTP_1_1),
    VERTX_THREADS_HTTP2(HttpVersion.HTTP_2),
    /** The same client with callbacks and timers. */
    VERTX_TIMERS(HttpVersion.HTTP_1_1),
    /** One virtual thread each; java.net.http's blocking {@code send}. */
    JDK_THREADS(HttpVersion.HTTP_1_1),
    JDK_THREADS_HTTP2(HttpVersion.HTTP_2);

    private final HttpVersion version;

    PollWay(HttpVersion version) {
        this.version = version;
    }

    /** Looks at what a supplier names, pausing after each look, until told to stop. */
    interface Pollers {
        /**
         * Starts one of them.
         *
         * @param first wait before its first look
         * @param pause between an answer and the next look; 0 = none
         */
        void start(Supplier<String> ids, Duration first, Duration pause, BooleanSupplier goOn);
    }

    /** One look. */
    @FunctionalInterface
    interface Look {
        Prediction at(String id) throws InterruptedException;
    }

    /** @param looked is told of every look that was answered well */
    Pollers pollers(URI url, Runnable looked) {
        if (this == JDK_THREADS || this == JDK_THREADS_HTTP2) {
            return inThreads(new JdkLook(url, version == HttpVersion.HTTP_2)::look, looked);
        }
        Vertx vertx = Vertx.vertx();
        WaveSpeed client = Providers.of(vertx, url, version, Providers.realTime(), Map.of());
        return this == VERTX_TIMERS ? byTimers(vertx, client, looked) : inThreads(client::look, looked);
    }

    private static Pollers inThreads(Look look, Runnable looked) {
        return (ids, first, pause, goOn) -> Thread.ofVirtual().start(() -> {
            try {
                sleep(first);
                while (goOn.getAsBoolean()) {
                    count(look.at(ids.get()), looked);
                    sleep(pause);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void sleep(Duration time) throws InterruptedException {
        if (time.isPositive()) {
            Thread.sleep(time);
        }
    }

    private static Pollers byTimers(Vertx vertx, WaveSpeed client, Runnable looked) {
        return new Pollers() {
            @Override
            public void start(Supplier<String> ids, Duration first, Duration pause, BooleanSupplier goOn) {
                later(first, () -> lookOn(ids, pause, goOn));
            }

            private void lookOn(Supplier<String> ids, Duration pause, BooleanSupplier goOn) {
                if (goOn.getAsBoolean()) {
                    client.looked(ids.get()).onComplete(seen -> {
                        count(seen.failed() ? new Prediction.Unreadable("") : seen.result(), looked);
                        later(pause, () -> lookOn(ids, pause, goOn));
                    });
                }
            }

            private void later(Duration wait, Runnable what) {
                if (wait.isPositive()) {
                    vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait.toNanos())), timer -> what.run());
                } else {
                    vertx.runOnContext(now -> what.run());
                }
            }
        };
    }

    private static void count(Prediction seen, Runnable looked) {
        if (seen instanceof Prediction.Open || seen instanceof Prediction.Completed) {
            looked.run();
        } else {
            System.err.println("not answered well: " + seen);
        }
    }
}
