package io.wavequeue.simulator.account;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.journal.Journal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The account. Call {@link #advance()} before anything else in a request. */
public final class Account {
    /** Later years have more than four digits, which no date of the wire has. */
    private static final Instant LAST = Instant.parse("9000-01-01T00:00:00Z");

    private final long seed;
    private final TurnableClock clock;
    private final BigDecimal startBalance;
    private Journal journal = Journal.inMemory();
    private Settings settings;
    private Duration refundDelay;
    private int deletedRefundPercent;
    private int generation;
    private long now;
    private Timeline timeline;
    private Books books;
    private Predictions predictions = new Predictions();
    private Counters counters = new Counters();
    private final Map<String, Prediction> untold = new LinkedHashMap<>();
    private int openWebhooks;

    public Account(long seed, TurnableClock clock, Settings settings) {
        this.seed = seed;
        this.clock = clock;
        this.settings = settings;
        this.startBalance = settings.get(Setting.BALANCE);
        this.refundDelay = settings.get(Setting.REFUND_DELAY);
        this.deletedRefundPercent = settings.get(Setting.DELETED_REFUND_PERCENT);
        this.books = new Books(startBalance);
        this.timeline = new Timeline(settings.get(Setting.MAX_IN_FLIGHT), this::ended);
    }

    /** Takes in one event of a former run; true if it was one of the account's. */
    public boolean replay(JsonNode event, Catalogue catalogue) {
        advanceTo(event.path("at").asLong(now));
        switch (event.path("event").asText()) {
            case PredictionEvent.NAME -> {
                Prediction prediction = PredictionEvent.read(event, catalogue);
                if (!prediction.isForeign()) {
                    counters.received(now, false);
                }
                enter(prediction);
            }
            case "deleted" -> delete(event.path("id").asText());
            case "told" -> untold.remove(event.path("id").asText());
            case "clock" -> clock.turn(Duration.ofMillis(event.path("by_ms").asLong()));
            case "limits" -> {
                timeline.setPlaces(event.path("max_in_flight").asInt(), now);
                refundDelay = Duration.ofMillis(event.path("refund_delay_ms").asLong());
                deletedRefundPercent = event.path("deleted_refund_percent").asInt(deletedRefundPercent);
            }
            case "balance" -> books.setBalance(event.path("usd").decimalValue().setScale(6));
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes what happens from now on into this journal; limits that differ from those of the former run hold from now.
     *
     * @param fresh whether nothing was replayed from it
     */
    public void keepIn(Journal journal, boolean fresh) {
        this.journal = journal;
        advance();
        if (fresh) {
            writeBalance(startBalance);
        }
        applyLimits();
    }

    /** Brings everything up to the present and says what time it is ({@link Micros}); time never runs backwards. */
    public long advance() {
        advanceTo(Micros.of(clock.instant()));
        return now;
    }

    private void advanceTo(long time) {
        now = Math.max(now, time);
        timeline.advance(now);
        books.advance(now);
    }

    public Settings settings() {
        return settings;
    }

    /** Changes settings. The present balance stays: {@link #setBalance()}. */
    public void change(Settings changed) {
        settings = changed;
        applyLimits();
    }

    /** Makes the present balance that of the settings. */
    public void setBalance() {
        books.setBalance(settings.get(Setting.BALANCE));
        writeBalance(settings.get(Setting.BALANCE));
    }

    /**
     * Turns the clock on; what would have happened meanwhile happens in its order.
     *
     * @throws IllegalArgumentException with a sentence, and before anything is changed
     */
    public void turnClock(Duration by) {
        if (by.isNegative() || by.compareTo(Duration.between(clock.instant(), LAST)) > 0) {
            throw new IllegalArgumentException("the clock can only be turned on, and up to " + LAST);
        }
        clock.turn(by);
        writeClock(by);
        advance();
    }

    private void writeClock(Duration by) {
        journal.append(json -> {
            json.writeStringField("event", "clock");
            json.writeNumberField("at", now);
            json.writeNumberField("by_ms", by.toMillis());
        });
    }

    private void applyLimits() {
        refundDelay = settings.get(Setting.REFUND_DELAY);
        deletedRefundPercent = settings.get(Setting.DELETED_REFUND_PERCENT);
        timeline.setPlaces(settings.get(Setting.MAX_IN_FLIGHT), now);
        journal.append(json -> {
            json.writeStringField("event", "limits");
            json.writeNumberField("at", now);
            json.writeNumberField("max_in_flight", settings.get(Setting.MAX_IN_FLIGHT));
            json.writeNumberField("refund_delay_ms", refundDelay.toMillis());
            json.writeNumberField("deleted_refund_percent", deletedRefundPercent);
        });
    }

    private void writeBalance(BigDecimal balance) {
        journal.append(json -> {
            json.writeStringField("event", "balance");
            json.writeNumberField("at", now);
            json.writeNumberField("usd", balance);
        });
    }

    /** Whether one more submit would exceed the minute's limit. */
    public boolean isThrottled() {
        int limit = settings.get(Setting.SUBMITS_PER_MINUTE);
        return limit > 0 && counters.not429().count(now) >= limit;
    }

    /** Whether one more prediction would not be let in at all. */
    public boolean isFull() {
        int places = settings.get(Setting.MAX_IN_FLIGHT);
        return places > 0 && settings.is(Setting.OVER_IN_FLIGHT, "429") && timeline.size() >= places;
    }

    /** Whole seconds after which a throttled submit has a chance; 1 where that depends on predictions under way. */
    public long secondsUntilFree() {
        return !isThrottled() ? 1 : Math.max(1, Math.ceilDiv(counters.not429().untilNextLeaves(now), Micros.SECOND));
    }

    public boolean covers(BigDecimal price) {
        return books.covers(price);
    }

    public BigDecimal balance() {
        return books.balance();
    }

    /** How often a submit with this marker was accepted. */
    public int acceptedBefore(BodyHash marker) {
        return counters.acceptedBefore(marker);
    }

    /** How long the next prediction with this number runs, if nothing interferes. */
    public long runMs(Prediction.Submission submission, long draw) {
        return settings.get(Setting.LATENCY).of(submission.model()).draw(draw);
    }

    /** Accepts and charges. */
    public Prediction accept(Prediction.Submission submission, long draw, Course course, Terms terms) {
        Prediction prediction = new Prediction(newId(), submission, now, draw, course, terms);
        journal.append(json -> PredictionEvent.write(json, prediction));
        enter(prediction);
        return prediction;
    }

    private void enter(Prediction prediction) {
        Prediction.Submission submission = prediction.submission();
        if (!prediction.isForeign()) {
            counters.accepted(submission.hash(), submission.marker(), now);
        }
        openWebhooks += submission.webhook() == null ? 0 : 1;
        books.charge(prediction);
        predictions.add(prediction);
        timeline.add(prediction, now);
    }

    private void ended(Prediction prediction) {
        if (!prediction.isForeign()) {
            counters.ended();
        }
        if (prediction.submission().webhook() != null) {
            openWebhooks--;
            untold.put(prediction.id(), prediction);
        }
        BigDecimal price = prediction.submission().price();
        if (prediction.status().isRefunded()) {
            refund(prediction, price);
        } else if (prediction.status() != Status.COMPLETED && deletedRefundPercent > 0) {
            refund(
                    prediction,
                    price.multiply(BigDecimal.valueOf(deletedRefundPercent, 2)).setScale(6, RoundingMode.HALF_UP));
        }
    }

    private void refund(Prediction prediction, BigDecimal amount) {
        long after = prediction.terms().refundAfterMs();
        if (after != Terms.NEVER) {
            long delay = after == Terms.AS_SET ? refundDelay.toMillis() : after;
            books.refundLater(prediction, amount, prediction.endedAt() + delay * Micros.MILLISECOND);
        }
    }

    /** Deletes a prediction, which ends it; false if there is none. */
    public boolean delete(String id) {
        Prediction prediction = predictions.find(id, now);
        if (prediction == null || prediction.isDeleted()) {
            return false;
        }
        boolean open = prediction.endedAt() < 0;
        timeline.remove(prediction, now);
        journal.append(json -> {
            json.writeStringField("event", "deleted");
            json.writeNumberField("at", now);
            json.writeStringField("id", id);
        });
        if (open) {
            ended(prediction);
        }
        return true;
    }

    /** Whether a prediction runs, or has ended, of which somebody wants to be told. */
    public boolean hasWebhooks() {
        return openWebhooks > 0 || !untold.isEmpty();
    }

    /** The predictions that ended since the last call and of which somebody wants to be told. */
    public List<Prediction> takeUntold() {
        if (untold.isEmpty()) {
            return List.of();
        }
        List<Prediction> taken = new ArrayList<>(untold.values());
        untold.clear();
        return taken;
    }

    /** Remembers that nobody has to be told of this one again. */
    public void told(Prediction prediction) {
        journal.append(json -> {
            json.writeStringField("event", "told");
            json.writeNumberField("at", now);
            json.writeStringField("id", prediction.id());
        });
    }

    /** Ids are random, not seeded: two runs must not hand out the same id to a client that keeps them. */
    private String newId() {
        UUID id = UUID.randomUUID();
        HexFormat hex = HexFormat.of();
        String digits = hex.toHexDigits(id.getMostSignificantBits()) + hex.toHexDigits(id.getLeastSignificantBits());
        return switch (settings.get(Setting.ID_STYLE)) {
            case "pred" -> "pred_" + digits;
            case "task" -> "task-" + digits;
            default -> digits;
        };
    }

    public @Nullable Prediction find(String id) {
        return predictions.find(id, now);
    }

    public HistoryQuery.Page list(HistoryQuery query) {
        return predictions.list(query, now, settings.get(Setting.HISTORY_LAG).toMillis() * Micros.MILLISECOND);
    }

    public Bill.Page bill(Bill.Query query) {
        return books.bill().search(query);
    }

    /** The rows of the bill between two times, both included. */
    public List<Bill.Row> billed(long from, long to) {
        return books.bill().between(from, to);
    }

    /** Counts a request and says how many of its endpoint came before. */
    public long countRequest(String endpoint) {
        return counters.request(endpoint);
    }

    /** Counts a submit's marker and says how often it came before, refused or not. */
    public int countMarker(BodyHash marker) {
        return counters.receivedBefore(marker);
    }

    /** Counts a request other than a submit against the minute's limit. */
    public void countLimited() {
        counters.limited(now);
    }

    /** Counts an API key that came where none belongs. */
    public void countLeak() {
        counters.leaked();
    }

    public void countWebhook(boolean delivered) {
        counters.webhook(delivered);
    }

    /** Counts a submit by whether its answer was 429. */
    public void countSubmit(boolean is429) {
        counters.received(now, is429);
    }

    public long seed() {
        return seed;
    }

    /** Another number after every reset: what was begun under a former one is about predictions that are forgotten. */
    public int generation() {
        return generation;
    }

    public Ledger ledger(int offset, int limit) {
        return new Ledger(predictions.entries(offset, limit), books.totals());
    }

    public Stats stats() {
        return counters.stats();
    }

    /** Starts anew with the present settings and the balance of the start; the journal is emptied. */
    public void reset() {
        generation++;
        predictions = new Predictions();
        counters = new Counters();
        books = new Books(settings.get(Setting.BALANCE));
        untold.clear();
        openWebhooks = 0;
        timeline = new Timeline(settings.get(Setting.MAX_IN_FLIGHT), this::ended);
        journal.clear();
        writeClock(clock.turned());
        writeBalance(settings.get(Setting.BALANCE));
        applyLimits();
    }
}
