package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;

/** How a cue ought to end: the manifest's column {@code expect}. */
sealed interface Expectation {

    /** True when the job ended this way. */
    boolean metBy(Job job);

    /** The cue ought to become audio. */
    record Succeeds() implements Expectation {

        @Override
        public boolean metBy(Job job) {
            return job.succeeded();
        }
    }

    /** The cue ought to fail, and for this reason only. */
    record Fails(String errorClass) implements Expectation {

        public Fails {
            if (errorClass.isBlank()) {
                throw new IllegalArgumentException("'failed:' needs an error class, such as failed:media_unreachable");
            }
        }

        @Override
        public boolean metBy(Job job) {
            Job.Problem error = job.error();
            return job.status().equals("failed")
                    && error != null
                    && error.errorClass().equals(errorClass);
        }
    }

    /** Reads {@code succeeded} or {@code failed:<error class>}. */
    static Expectation parse(String text) {
        if (text.equals("succeeded")) {
            return new Succeeds();
        }
        if (text.startsWith("failed:")) {
            return new Fails(text.substring("failed:".length()));
        }
        throw new IllegalArgumentException("'" + text + "' is neither 'succeeded' nor 'failed:<error class>'");
    }
}
