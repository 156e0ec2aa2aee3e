package io.wavequeue.worker.archive;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What becomes of an output once it is archived. Environment: {@code WAVEQUEUE_OUTPUT_CHECK} and so on. */
@ConfigMapping(prefix = "wavequeue.output")
public interface OutputConfig {
    /** Whether archived files are decoded and judged. What is archived while it is off is not judged later. */
    @WithDefault("true")
    boolean check();

    /** Whether a JSON file that says what it is and where it comes from is written beside each archived file. */
    @WithDefault("true")
    boolean sidecars();

    /** Whether the files of libraries are given their names. */
    @WithDefault("true")
    boolean names();

    /** Whether ffmpeg, where it is on the {@code PATH}, measures loudness and decodes Opus, AAC and M4A. */
    @WithDefault("true")
    boolean ffmpeg();

    /** How long the look at one file may take; beyond it, its verdict is unknown. */
    @WithDefault("1M")
    Duration patience();
}
