package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Batch;

/** A batch that is followed. */
record WatchedBatch(Batch batch) implements Watched {

    @Override
    public String kind() {
        return "batch";
    }

    @Override
    public JsonNode json() {
        return batch.json();
    }

    @Override
    public long total() {
        return batch.count("total");
    }

    @Override
    public long ended() {
        return batch.ended();
    }

    @Override
    public boolean open() {
        return batch.open();
    }

    @Override
    public boolean still() {
        boolean paused = batch.status().equals("paused");
        return batch.underWay() == 0 && (paused || (batch.count("held") > 0 && batch.count("queued") == 0));
    }

    @Override
    public String counts() {
        return Standing.counts(batch);
    }

    @Override
    public String pace(Rate rate) {
        return Standing.pace(batch, rate);
    }

    @Override
    public String beside(Rate rate) {
        long failed = batch.count("failed");
        long held = batch.count("held");
        return batch.underWay() + " running, " + (failed == 0 ? "" : failed + " failed, ")
                + (held == 0 ? "" : held + " held, ") + pace(rate);
    }
}
