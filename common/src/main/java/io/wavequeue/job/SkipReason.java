package io.wavequeue.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a job of a frozen set was left as it was. The column {@code resolution_item.skip_reason} holds {@link #code()}. */
public enum SkipReason {
    /** Nothing about it is in doubt any more: evidence was found, or somebody else decided. */
    ALREADY_RESOLVED("nothing about it is in doubt any more"),
    /** A webhook told what became of it, which is about to be written. */
    EVIDENCE_WAITS("a webhook told what became of its submit, and a worker is about to write it"),
    /** It is not what was chosen: another attempt is in doubt now, or it was replayed meanwhile. */
    CHANGED("it has changed since it was chosen: it was replayed, or has another attempt"),
    /** No prediction is known that it may have made. */
    NO_CANDIDATE("no prediction is known that it may have made"),
    /** It may have made more than one. */
    SEVERAL_CANDIDATES("more than one prediction may be its own"),
    /** Another uncertain job may have made the same prediction. */
    CANDIDATE_SHARED("another uncertain job may have made the same prediction"),
    /** Another attempt was given the prediction meanwhile. */
    CANDIDATE_TAKEN("another attempt has the prediction"),
    /** The whole was ended before its turn came. */
    ABORTED("the operation was ended before its turn came"),

    /** It succeeded, and its outputs are there or on their way. */
    SUCCEEDED("it succeeded, and no output of it is lost"),
    /** It has not ended. */
    UNDER_WAY("it is on its way already: it has not ended, or its outputs are still being archived"),
    /** Nobody knows whether one of its submits was taken. */
    UNCERTAIN("nobody knows yet whether its submit was taken and charged: decide by POST /v1/jobs/{id}/resolve"),
    /** An uncertain submit was given up: it may have been charged all the same. */
    MAY_BE_CHARGED(
            "a submit of it was given up while its outcome was unknown, or there are signs that it was taken after all: it may have been charged"),
    /** The provider has not ended its prediction. */
    PREDICTION_PENDING("the provider has not ended its prediction: it is still looked at, and may yet make its clip"),
    /** There is a result of it that need not be bought again. */
    HAS_RESULT("its result is there: it was cancelled after it was paid, or its prediction ended late"),
    /** The library that it was made for has another job for it. */
    SUPERSEDED("its library has another job for it since"),
    /** It was replayed as often as it may be. */
    PARKED("it is parked: it was replayed as often as it may be (WAVEQUEUE_MAX_REPLAYS)"),
    /** The provider refused its content, and the input is the same. */
    MODERATED(
            "the provider refused its content, and it would be submitted unchanged: change its input with input_overrides"),
    /** The catalogue does not take its request any more. */
    NO_LONGER_VALID("the catalogue does not take its input any more"),
    /** Its batch is cancelled. */
    BATCH_CANCELLED("its batch is cancelled, and would cancel it again: replay with \"missing\" opens the batch again"),
    /** The provider's history has a prediction that is probably its own. */
    PROVIDER_HAS_IT("the provider's history has a prediction with its input, made after its dead letter"),
    /** The provider's history does not tell enough, or was not asked about the input that it would have. */
    HISTORY_UNREAD(
            "the provider's history could not tell whether it was made since its dead letter; about another input only a replay from the topic asks it"),
    /** It waits for a condition that this does not end. */
    WAITS("it waits for the condition that its hold_reason names, and goes on by itself after that"),

    /** It has ended. */
    ENDED("it has ended"),
    /** Its cancel was asked for before. */
    CANCEL_REQUESTED("its cancel was asked for before: it is followed to the end of what is paid"),
    /** A person held it before. */
    HELD_ALREADY("a person holds it: POST /v1/releases lets it go, as it is"),
    /** No person holds it. */
    NOT_HELD("no person holds it by itself");

    private final String text;

    SkipReason(String text) {
        this.text = text;
    }

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why, and what can be done, in words that follow "skipped:". */
    public String text() {
        return isForcible() ? text + "; \"force\": [\"" + code() + "\"] goes on all the same" : text;
    }

    /** The same, after what is known against the job in particular; null = nothing. */
    public String text(@Nullable String evidence) {
        return evidence == null ? text() : evidence + "; " + text();
    }

    /** True where a person may have a job replayed in spite of it. */
    public boolean isForcible() {
        return switch (this) {
            case MAY_BE_CHARGED, HAS_RESULT, SUPERSEDED, PARKED, MODERATED, PROVIDER_HAS_IT, HISTORY_UNREAD -> true;
            case ALREADY_RESOLVED,
                    EVIDENCE_WAITS,
                    CHANGED,
                    NO_CANDIDATE,
                    SEVERAL_CANDIDATES,
                    CANDIDATE_SHARED,
                    CANDIDATE_TAKEN,
                    ABORTED,
                    SUCCEEDED,
                    UNDER_WAY,
                    UNCERTAIN,
                    PREDICTION_PENDING,
                    NO_LONGER_VALID,
                    BATCH_CANCELLED,
                    WAITS,
                    ENDED,
                    CANCEL_REQUESTED,
                    HELD_ALREADY,
                    NOT_HELD -> false;
        };
    }

    /** The reason of that name; {@link IllegalArgumentException} when there is none. */
    public static SkipReason of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** The reason of that name; empty when there is none. */
    public static Optional<SkipReason> find(String code) {
        return Arrays.stream(values())
                .filter(reason -> reason.code().equals(code))
                .findFirst();
    }
}
