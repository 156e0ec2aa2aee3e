package io.wavequeue.bench;

import java.io.IOException;
import java.sql.SQLException;

/** What the same servers do without us, while the stack stands idle beside it. */
final class Baselines {
    private final Lab lab;
    private final int clips;

    /** @param clips for those that make clips */
    Baselines(Lab lab, int clips) {
        this.lab = lab;
        this.clips = clips;
    }

    /**
     * Each once, on an empty database of its own.
     *
     * @return clips per second of db-scheduler
     */
    double run(String name, Measurements into) throws IOException, SQLException, InterruptedException {
        into.add(
                "baselines.kafka_records_per_s",
                KafkaBaseline.recordsPerSecond(lab.stack().kafka()));
        double peer;
        try (PostgresBaseline postgres = PostgresBaseline.open(lab.stack())) {
            into.add("baselines.postgres_single_rows_per_s", postgres.singleRowsPerSecond());
            into.add("baselines.postgres_unnest_rows_per_s", postgres.unnestRowsPerSecond());
            lab.provider().reset();
            into.add(
                    "baselines.http_clips_per_s",
                    new HttpBaseline(lab.provider()).clipsPerSecond("http " + name, clips));
            lab.provider().reset();
            peer = new DbSchedulerBaseline(lab.provider(), postgres.pool())
                    .clipsPerSecond("db-scheduler " + name, clips);
            lab.provider().requireAccepted(clips);
        }
        into.add("baselines.db_scheduler_clips_per_s", peer);
        lab.say("  db-scheduler: %.0f clips/s".formatted(peer));
        return peer;
    }
}
