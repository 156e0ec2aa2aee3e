package io.wavequeue.simulator.account;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.journal.Journal;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The account. Call {@link #advance()} before anything else in a request. */
public final class Account {
    private final long seed;
    private final InstantSource clock;
    private final BigDecimal startBalance;
    private Journal journal = Journal.inMemory();
    private Settings settings;
    private Duration refundDelay;
    private long now;
    private Timeline timeline;
    private Books books;
    private Predictions predictions = new Predictions();
    private Counters counters = new Counters();

    public Account(long seed, InstantSource clock, Settings settings) {
        this.seed = seed;
        this.clock = clock;
        this.settings = settings;
        this.startBalance = settings.money().balanceUsd();
        this.refundDelay = settings.money().refundDelay();
        this.books = new Books(startBalance);
        this.timeline = new Timeline(settings.limits().maxInFlight(), this::ended);
    }

    /** Takes in one event of a former run; true if it was one of the account's. */
    public boolean replay(JsonNode event, Catalogue catalogue) {
        advanceTo(event.path("at").asLong(now));
        switch (event.path("event").asText()) {
            case PredictionEvent.NAME -> {
                Prediction prediction = PredictionEvent.read(event, catalogue);
                counters.received(now, false);
                enter(prediction);
            }
            case "limits" -> {
                timeline.setPlaces(event.path("max_in_flight").asInt(), now);
                refundDelay = Duration.ofMillis(event.path("refund_delay_ms").asLong());
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
        books.setBalance(settings.money().balanceUsd());
        writeBalance(settings.money().balanceUsd());
    }

    private void applyLimits() {
        refundDelay = settings.money().refundDelay();
        timeline.setPlaces(settings.limits().maxInFlight(), now);
        journal.append(json -> {
            json.writeStringField("event", "limits");
            json.writeNumberField("at", now);
            json.writeNumberField("max_in_flight", settings.limits().maxInFlight());
            json.writeNumberField("refund_delay_ms", refundDelay.toMillis());
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
        int limit = settings.limits().submitsPerMinute();
        return limit > 0 && counters.not429().count(now) >= limit;
    }

    /** Whole seconds after which a throttled submit has a chance. */
    public long secondsUntilFree() {
        return Math.max(1, Math.ceilDiv(counters.not429().untilNextLeaves(now), Micros.SECOND));
    }

    public boolean covers(BigDecimal price) {
        return books.covers(price);
    }

    public BigDecimal balance() {
        return books.balance();
    }

    /** The number that will belong to the next prediction with this body. */
    public long nextDraw(BodyHash hash) {
        return hash.draw(seed, counters.acceptedBefore(hash));
    }

    /** How long the next prediction with this body runs, if nothing interferes. */
    public long runMs(Prediction.Submission submission, long draw) {
        return settings.latency().of(submission.model()).draw(draw);
    }

    /** Accepts and charges. */
    public Prediction accept(Prediction.Submission submission, long draw, Course course) {
        Prediction prediction = new Prediction(newId(), submission, now, draw, course);
        journal.append(json -> PredictionEvent.write(json, prediction));
        enter(prediction);
        return prediction;
    }

    private void enter(Prediction prediction) {
        counters.accepted(prediction.submission().hash(), now);
        books.charge(prediction.submission().price());
        predictions.add(prediction);
        timeline.add(prediction, now);
    }

    private void ended(Prediction prediction) {
        counters.ended();
        if (prediction.status().isRefunded()) {
            books.refundLater(prediction, prediction.endsAt(), refundDelay);
        }
    }

    /** Ids are random, not seeded: two runs must not hand out the same id to a client that keeps them. */
    private static String newId() {
        UUID id = UUID.randomUUID();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(id.getMostSignificantBits()) + hex.toHexDigits(id.getLeastSignificantBits());
    }

    public @Nullable Prediction find(String id) {
        return predictions.find(id, now);
    }

    public HistoryQuery.Page list(HistoryQuery query) {
        return predictions.list(query, now, settings.history().lag().toMillis() * Micros.MILLISECOND);
    }

    /** Counts a request and says how many of its endpoint came before. */
    public long countRequest(String endpoint) {
        return counters.request(endpoint);
    }

    /** Counts a submit's body and says how often it came before, refused or not. */
    public int countBody(BodyHash hash) {
        return counters.receivedBefore(hash);
    }

    /** Counts a submit by whether its answer was 429. */
    public void countSubmit(boolean is429) {
        counters.received(now, is429);
    }

    public long seed() {
        return seed;
    }

    public Ledger ledger(int offset, int limit) {
        return new Ledger(predictions.entries(offset, limit), books.totals());
    }

    public Stats stats() {
        return counters.stats();
    }

    /** Starts anew with the present settings and the balance of the start; the journal is emptied. */
    public void reset() {
        predictions = new Predictions();
        counters = new Counters();
        books = new Books(settings.money().balanceUsd());
        timeline = new Timeline(settings.limits().maxInFlight(), this::ended);
        journal.clear();
        writeBalance(settings.money().balanceUsd());
        applyLimits();
    }
}
