package io.wavequeue.worker.flow;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a channel's consumer rest while a batch of it is in hand. The connector pauses it then, and asks it for records every
 * 2 ms all the same, which was a fifth of a busy worker's CPU time; here the polling thread waits for the batch's end, and
 * polls now and then, so that a rebalance is noticed.
 */
@ApplicationScoped
class ConsumerRest {
    private static final long PAUSED_MILLIS = 200;
    /** Longer than the connector's own wait: the next poll comes first. */
    private static final long READING_MILLIS = 5;

    private final KafkaClientService clients;

    ConsumerRest(KafkaClientService clients) {
        this.clients = clients;
    }

    /** Begins when a batch is taken in hand, and ends with it. */
    interface Rest extends AutoCloseable {
        @Override
        void close();
    }

    Rest begin(String channel) {
        CountDownLatch end = new CountDownLatch(1);
        @Nullable KafkaConsumer<Object, Object> consumer = clients.getConsumer(channel);
        if (consumer != null) {
            rest(consumer, end);
        }
        return end::countDown;
    }

    private static void rest(KafkaConsumer<Object, Object> consumer, CountDownLatch end) {
        consumer.runOnPollingThread((Consumer<Object, Object> client) -> await(client, end))
                .subscribe()
                .with(
                        ignored -> {
                            if (end.getCount() > 0) {
                                rest(consumer, end);
                            }
                        },
                        closed -> {});
    }

    private static void await(Consumer<Object, Object> client, CountDownLatch end) {
        try {
            end.await(client.paused().isEmpty() ? READING_MILLIS : PAUSED_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
