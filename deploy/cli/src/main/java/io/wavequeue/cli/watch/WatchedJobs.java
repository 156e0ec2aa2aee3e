package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Json;
import java.util.List;

/** A few jobs that are followed together. */
public record WatchedJobs(List<Job> jobs) implements Watched {

    public WatchedJobs {
        jobs = List.copyOf(jobs);
    }

    @Override
    public String kind() {
        return "jobs";
    }

    @Override
    public JsonNode json() {
        var items = Json.object().putArray("items");
        jobs.forEach(job -> items.add(job.json()));
        return items;
    }

    @Override
    public long total() {
        return jobs.size();
    }

    @Override
    public long ended() {
        return jobs.stream().filter(Job::terminal).count();
    }

    /** How many are in this state. */
    public long count(String status) {
        return jobs.stream().filter(job -> job.status().equals(status)).count();
    }

    @Override
    public boolean open() {
        return ended() < total();
    }

    @Override
    public boolean still() {
        return ended() + count("held") == total();
    }

    @Override
    public String counts() {
        long failed = count("failed");
        long held = count("held");
        return "%,d of %,d ended".formatted(ended(), total())
                + (failed == 0 ? "" : ", %,d failed".formatted(failed))
                + (held == 0 ? "" : ", %,d held".formatted(held));
    }

    @Override
    public String pace(Rate rate) {
        return "";
    }

    @Override
    public String beside(Rate rate) {
        return counts();
    }
}
