package io.wavequeue.worker.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/**
 * How long what is kept: a number of days such as {@code 90d}, or {@code forever}. Environment: {@code WAVEQUEUE_KEEP_JOBS} and so
 * on. {@link KeepRules} says which values go together.
 */
@ConfigMapping(prefix = "wavequeue.keep")
public interface KeepConfig {
    /** A job with all rows of it, from its end on; also what has no time of its own. At least 8 days. */
    @WithDefault("90d")
    String jobs();

    /** An archived file, from its archiving on. Not shorter than jobs; without it, as long as the job's rows. */
    Optional<String> files();

    /** A source clip that no request which is kept names, from when a request last asked for it. At least 8 days. */
    @WithDefault("90d")
    String media();

    /** A plan that was not applied. */
    @WithDefault("7d")
    String plans();

    /** Lines of the bill and resolved differences. Not shorter than jobs; without it the longer of 400 days and that. */
    Optional<String> bill();
}
