package io.wavequeue.simulator.account;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * How the account was driven since the start or the last reset.
 *
 * @param requests requests by endpoint
 * @param submitsReceived POST submits, refused ones included
 * @param submits429 submits answered with 429
 * @param maxAcceptedPerMinute most accepted submits in any 60 seconds
 * @param maxNot429PerMinute most submits that were not answered with 429 in any 60 seconds
 * @param open accepted and not ended now, and the most at any time
 * @param duplicatedBodies bodies that were accepted more than once
 * @param duplicateSubmits accepted submits whose body had been accepted before
 * @param keysLeaked requests for files that carried an API key, which must never leave for another host
 * @param webhooksSent webhook requests, retries included
 * @param webhooksDelivered those of them that were answered 2xx
 */
public record Stats(
        Map<String, Long> requests,
        long submitsReceived,
        long submitsAccepted,
        @JsonProperty("submits_429") long submits429,
        int maxAcceptedPerMinute,
        @JsonProperty("max_not_429_per_minute") int maxNot429PerMinute,
        int open,
        int maxOpen,
        long duplicatedBodies,
        long duplicateSubmits,
        long keysLeaked,
        long webhooksSent,
        long webhooksDelivered) {}
