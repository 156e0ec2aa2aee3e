package io.wavequeue.worker.schedules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.provider.ProviderWords;
import io.wavequeue.worker.reconcile.Judge.Span;
import io.wavequeue.worker.schedules.Rows.AttemptRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The provider: it takes POSTs, charges, and knows the truth. */
final class Shop {
    private static final String MODEL = "m";

    private final World world;
    private final Plan plan;
    private final Map<String, Long> jobsByInput;
    final Map<String, Made> made = new LinkedHashMap<>();

    Shop(World world, Plan plan, Map<String, Long> jobsByInput) {
        this.world = world;
        this.plan = plan;
        this.jobsByInput = jobsByInput;
    }

    /** How it ends. */
    enum End {
        COMPLETED,
        BROKEN,
        MODERATED,
        TIMED_OUT
    }

    /**
     * A prediction.
     *
     * @param maker the attempt whose POST made it; null = somebody else's
     * @param told what the history tells of its input; null = nothing
     */
    record Made(
            String id,
            String input,
            @Nullable AttemptRow maker,
            long createdAt,
            long shownAt,
            long endsAt,
            End end,
            @Nullable String told) {
        boolean isLostAt(long now) {
            return endsAt <= now && end != End.COMPLETED;
        }
    }

    /** An answer: its status and its body. */
    record Said(int status, JsonNode body) {}

    Instant time() {
        return Instant.ofEpochMilli(World.EPOCH + world.now() + plan.providerAhead);
    }

    private boolean isCalm() {
        return world.now() >= plan.calm;
    }

    private boolean fault(double share) {
        return !isCalm() && world.chance(share);
    }

    /** A POST has arrived. Null = it is answered with nothing. */
    @Nullable
    Said post(AttemptRow attempt) {
        if (fault(plan.refusal)) {
            return world.chance(0.5)
                    ? new Said(400, ProviderWords.envelope(400, "bad input"))
                    : new Said(200, ProviderWords.envelope(1200, "moderated"));
        }
        if (fault(plan.throttle)) {
            return new Said(429, ProviderWords.envelope(429, "slow down"));
        }
        if (fault(plan.accountTrouble)) {
            return world.chance(0.5)
                    ? new Said(402, ProviderWords.envelope(402, "insufficient credits"))
                    : new Said(401, ProviderWords.envelope(401, "who are you"));
        }
        boolean broken = fault(plan.serverError);
        if (broken && world.chance(0.5)) {
            return serverError();
        }
        Made prediction = make(attempt.job.input, attempt);
        if (fault(plan.lostReply)) {
            return null;
        }
        return broken ? serverError() : new Said(200, ProviderWords.accepted(prediction.id()));
    }

    private Said serverError() {
        return switch ((int) world.between(0, 2)) {
            case 0 -> new Said(500, ProviderWords.unreadable());
            case 1 -> new Said(503, ProviderWords.envelope(503, "busy"));
            default -> new Said(200, ProviderWords.unreadable());
        };
    }

    private Made make(String input, @Nullable AttemptRow maker) {
        String id = "prediction-" + made.size();
        End end = fault(plan.failure) ? End.values()[(int) world.between(1, 3)] : End.COMPLETED;
        long run = fault(plan.stuck) ? 1_000_000 : world.between(200, 12_000);
        Made prediction = new Made(
                id,
                input,
                maker,
                world.now(),
                world.now() + (plan.historyLag == 0 ? 0 : world.edge(0, plan.historyLag)),
                world.now() + run,
                end,
                told(input));
        if (maker != null) {
            refuseToBePaidTwice(input, prediction);
        }
        made.put(id, prediction);
        return prediction;
    }

    private void refuseToBePaidTwice(String input, Made prediction) {
        long paid = made.values().stream()
                .filter(other -> other.maker() != null && other.input().equals(input) && !other.isLostAt(world.now()))
                .count();
        world.log(() -> "the provider takes " + input + " as " + prediction.id());
        if (paid >= jobsByInput.get(input)) {
            throw new AssertionError("paid twice: " + input + " is " + prediction.id() + " while " + paid
                    + " predictions of it run or have completed");
        }
    }

    private @Nullable String told(String input) {
        return switch (plan.telling) {
            case ALL -> input;
            case SOME -> world.chance(0.5) ? input : null;
            case NONE -> null;
            case REWRITTEN -> input + " with defaults";
        };
    }

    void othersMakeOne() {
        Made foreign = make("foreign-" + made.size(), null);
        world.log(() -> "somebody else makes " + foreign.id());
    }

    Said look(String id) {
        Made prediction = made.get(id);
        if (fault(plan.badLook)) {
            return world.chance(0.5)
                    ? new Said(404, ProviderWords.envelope(404, "not found"))
                    : new Said(500, ProviderWords.unreadable());
        }
        if (prediction == null) {
            return new Said(404, ProviderWords.envelope(404, "not found"));
        }
        if (prediction.endsAt() > world.now()) {
            return new Said(200, ProviderWords.open(id));
        }
        return new Said(
                200,
                switch (prediction.end()) {
                    case COMPLETED -> ProviderWords.completed(id);
                    case BROKEN -> ProviderWords.ended(id, "failed", 5000);
                    case MODERATED -> ProviderWords.ended(id, "failed", 1200);
                    case TIMED_OUT -> ProviderWords.ended(id, "timeout", 0);
                });
    }

    /** What the history shows of that span of its own time. */
    List<HistoryItem> history(Span span) {
        List<HistoryItem> items = new ArrayList<>();
        for (Made prediction : made.values()) {
            Instant created = Instant.ofEpochMilli(World.EPOCH + prediction.createdAt() + plan.providerAhead);
            if (prediction.shownAt() <= world.now()
                    && !created.isBefore(span.from())
                    && !created.isAfter(span.until())) {
                String told = prediction.told();
                items.add(new HistoryItem(
                        prediction.id(),
                        MODEL,
                        created,
                        told == null ? null : JsonNodeFactory.instance.textNode(told)));
            }
        }
        return items;
    }
}
