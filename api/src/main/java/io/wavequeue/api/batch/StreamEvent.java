package io.wavequeue.api.batch;

import io.wavequeue.store.BatchEvents.Place;

/** A server-sent event, as it goes over the wire. */
record StreamEvent(String text) {
    /** Named by the last event, which a batch has no more behind. */
    static final String DONE = "done";

    /** Nobody sees it; it keeps connections open, and finds those that are not. */
    static final StreamEvent HEARTBEAT = new StreamEvent(":\n\n");

    /** How far the batch has come. It has no id: who comes back gets the newest. */
    static StreamEvent progress(String batch) {
        return new StreamEvent("event: progress\n" + data(batch));
    }

    /** A job that ended, or whose outputs are archived. */
    static StreamEvent job(Place place, String job) {
        return new StreamEvent("id: " + place.text() + "\nevent: job\n" + data(job));
    }

    /** The batch has ended, and the stream with it. */
    static StreamEvent done(String batch) {
        return new StreamEvent("id: " + DONE + "\nevent: done\n" + data(batch));
    }

    /** JSON in one line: a line break in it can only stand between two fields. */
    private static String data(String json) {
        return "data: " + json.replace('\n', ' ').replace('\r', ' ') + "\n\n";
    }
}
