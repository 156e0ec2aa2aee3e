package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** Files of jobs by {@code POST /v1/batches}, one in each form, while nothing dispatches them. */
record EnqueueBulk(int clips) implements Scenario {
    private static final int WARM_UP_SHARE = 2;
    private static final double BYTES_PER_MB = 1e6;

    @Override
    public String name() {
        return "enqueue-bulk";
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("WAVEQUEUE_DISPATCH_ENABLED", "false");
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("clips", clips);
    }

    @Override
    public void warmUp(Lab lab) throws IOException, SQLException, InterruptedException {
        for (BulkFile form : BulkFile.values()) {
            post(lab, form, Math.max(1, clips / WARM_UP_SHARE));
        }
    }

    @Override
    public void run(Lab lab, int number, Measurements into) throws IOException, SQLException, InterruptedException {
        for (BulkFile form : BulkFile.values()) {
            lab.jobs().awaitPublished();
            ProcessUse before = ProcessUse.now(lab.stack());
            Posted posted = post(lab, form, clips);
            ProcessUse after = ProcessUse.now(lab.stack());
            lab.say("  %s: %.1f s, %.0f jobs/s".formatted(form.code(), posted.seconds(), clips / posted.seconds()));
            String of = form.code() + ".";
            into.add(of + "file_mb", posted.megabytes());
            into.add(of + "seconds", posted.seconds());
            into.add(of + "jobs_per_s", clips / posted.seconds());
            after.cpuSecondsSince(before)
                    .forEach((program, cpu) -> into.add(of + "cpu_s_per_1000." + program, cpu * 1000 / clips));
            into.add(of + "count_ms", countMillis(lab, posted.batch()));
        }
        ProcessUse use = ProcessUse.now(lab.stack());
        into.addAll("rss_mb", use.residentMb());
        into.add("rss_peak_mb.api", use.peakMb("api"));
        try (PostgresBaseline postgres = PostgresBaseline.open(lab.stack())) {
            into.add("baselines.postgres_unnest_rows_per_s", postgres.unnestRowsPerSecond());
        }
    }

    private record Posted(String batch, double megabytes, double seconds) {}

    private static Posted post(Lab lab, BulkFile form, int lines) throws IOException, InterruptedException {
        Path file = form.write(lab.stack().data(), lines);
        double megabytes = Files.size(file) / BYTES_PER_MB;
        long start = System.nanoTime();
        JsonNode batch = lab.api().postFile("/v1/batches?name=bench", form.contentType(), file);
        double seconds = Waiting.secondsSince(start);
        Files.delete(file);
        return new Posted(batch.path("id").asText(), megabytes, seconds);
    }

    /** How long the API counts the batch's jobs. */
    private double countMillis(Lab lab, String batch) throws IOException, InterruptedException {
        long start = System.nanoTime();
        JsonNode counts = lab.api().get("/v1/batches/" + batch).path("counts");
        double millis = Waiting.secondsSince(start) * 1000;
        if (counts.path("queued").asInt() != clips || counts.path("total").asInt() != clips) {
            throw new BenchFailedException("of %d jobs not all are queued: %s".formatted(clips, counts));
        }
        return millis;
    }
}
