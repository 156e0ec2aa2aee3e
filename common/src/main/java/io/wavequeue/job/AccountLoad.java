package io.wavequeue.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the account has to do already, and how fast it may, at one moment.
 *
 * @param isHeld submitting is stopped until a person or the provider says otherwise
 * @param stopped models that are not submitted until a person accepts a price
 * @param submitsPerMinute null = no limit
 * @param maxInFlight null = no limit
 * @param submitsOfTheMinute submits that count against the current minute
 * @param throttledFor how long nothing at all is granted
 * @param waiting queued jobs, by turn
 * @param underWay submitted jobs that have not ended, by model
 * @param placesHeld places in flight that nobody knows the end of: uncertain submits
 * @param runTimes how long runs of a model took lately, on average; models that are missing are not known
 */
public record AccountLoad(
        boolean isHeld,
        Set<String> stopped,
        @Nullable Integer submitsPerMinute,
        @Nullable Integer maxInFlight,
        int submitsOfTheMinute,
        Duration throttledFor,
        List<Turn> waiting,
        Map<String, Long> underWay,
        int placesHeld,
        Map<String, Duration> runTimes) {
    public AccountLoad {
        stopped = Set.copyOf(stopped);
        waiting = List.copyOf(waiting);
        underWay = Map.copyOf(underWay);
        runTimes = Map.copyOf(runTimes);
    }

    /**
     * Jobs that take turns with those of other batches in their lane.
     *
     * @param jobs how many wait, by model
     */
    public record Turn(Lane lane, Map<String, Long> jobs) {
        public Turn {
            jobs = Map.copyOf(jobs);
        }

        long size() {
            return jobs.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
