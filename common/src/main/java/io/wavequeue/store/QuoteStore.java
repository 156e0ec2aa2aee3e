package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prices that plans want to hear from the provider, and what workers heard. Any number of both at once. */
@ApplicationScoped
public class QuoteStore {
    /**
     * What nobody waits for any more begins anew, and so does an answer that is too old; what somebody else waits for goes on
     * as it is.
     */
    static final String WANT = """
            insert into quote as q (model, question, input, wanted_until, due_at)
            select model, question, input, now() + make_interval(secs => ?), now()
            from unnest(?::text[], ?::text[], ?::text[]) as w(model, question, input)
            order by model, question
            on conflict (model, question) do update
            set input = excluded.input,
                wanted_until = greatest(q.wanted_until, excluded.wanted_until),
                due_at = case when q.due_at is not null and q.wanted_until > now() then q.due_at else now() end,
                tries = case when q.due_at is not null and q.wanted_until > now() then q.tries else 0 end,
                error = case when q.due_at is not null and q.wanted_until > now() then q.error end,
                price_usd = null, discounted_usd = null, discount_percent = null, quoted_at = null
            where q.due_at is not null
               or q.quoted_at <= now() - make_interval(secs => case when q.error is null then ? else ? end)
            """;

    private static final String FORGET =
            "delete from quote where wanted_until < now() - greatest(interval '7 days', make_interval(secs => ?))";

    static final String READ = """
            select q.*
            from unnest(?::text[], ?::text[]) as w(model, question)
            cross join lateral (
              select model, question, price_usd, discounted_usd, discount_percent, error, quoted_at
              from quote
              where quote.model = w.model
                and quote.question = w.question
              limit 1) q
            """;

    static final String TAKE = """
            with due as materialized (
              select model, question
              from quote
              where due_at <= now()
                and wanted_until > now()
              order by due_at
              limit ?
              for update skip locked
            )
            update quote q
            set due_at = now() + make_interval(secs => ?), tries = q.tries + 1
            from due d
            where q.model = d.model
              and q.question = d.question
            returning q.model, q.question, q.input, q.tries
            """;

    /** Of whoever took it last. */
    private static final String TAKEN = """
            where model = ?
              and question = ?
              and tries = ?
              and due_at is not null
            """;

    private final Database database;

    QuoteStore(Database database) {
        this.database = database;
    }

    /** What a price is asked for, and with which input. */
    public record Question(String model, String question, String input) {}

    /**
     * How a question stands.
     *
     * @param price null = none, or none yet
     * @param error why there is none; null = nothing went wrong
     * @param quotedAt when the provider gave an answer that stays; null = not yet
     */
    public record Answer(
            String model,
            String question,
            @Nullable QuotedPrice price,
            @Nullable String error,
            @Nullable Instant quotedAt) {}

    /**
     * A price as the provider tells it, in USD for one run.
     *
     * @param usd before the discount
     * @param discountedUsd what is to be paid
     * @param discountPercent as told
     */
    public record QuotedPrice(BigDecimal usd, BigDecimal discountedUsd, BigDecimal discountPercent) {}

    /**
     * A question that this worker is to ask now.
     *
     * @param tries how often it was taken, this time included
     */
    public record Due(String model, String question, String input, int tries) {
        /** The model alone: an input is for nobody's eyes. */
        @Override
        public String toString() {
            return "the price of " + model;
        }
    }

    /**
     * Has these asked unless their answers are young enough.
     *
     * @param keep how old an answer may be
     * @param keepError how old an answer without a price may be
     * @param patience how long somebody waits for them
     */
    public void want(Collection<Question> questions, Duration keep, Duration keepError, Duration patience) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FORGET)) {
                bind.seconds(keep).update();
            }
            try (Bind bind = Bind.of(connection, WANT)) {
                return bind.seconds(patience)
                        .array("text", questions, Question::model)
                        .array("text", questions, Question::question)
                        .array("text", questions, Question::input)
                        .seconds(keep)
                        .seconds(keepError)
                        .update();
            }
        });
    }

    /** How these stand now, in no order. */
    public List<Answer> read(Collection<Question> questions) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, READ)) {
                return bind.array("text", questions, Question::model)
                        .array("text", questions, Question::question)
                        .rows(QuoteStore::answer);
            }
        });
    }

    /** Takes questions that are due, at most so many; whoever does not answer one within the lease gives it back so. */
    public List<Due> take(int most, Duration lease) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TAKE)) {
                return bind.integer(most)
                        .seconds(lease)
                        .rows(row -> new Due(
                                row.getString("model"),
                                row.getString("question"),
                                row.getString("input"),
                                row.getInt("tries")));
            }
        });
    }

    /** The provider named its price. */
    public void answered(Due due, QuotedPrice price) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, """
                    update quote
                    set price_usd = ?, discounted_usd = ?, discount_percent = ?, error = null, quoted_at = now(),
                        due_at = null
                    """ + TAKEN)) {
                return bind.usd(price.usd())
                        .usd(price.discountedUsd())
                        .usd(price.discountPercent())
                        .text(due.model())
                        .text(due.question())
                        .integer(due.tries())
                        .update();
            }
        });
    }

    /** There is no price to be had for it. */
    public void refused(Due due, String error) {
        database.inTransaction(connection -> {
            try (Bind bind =
                    Bind.of(connection, "update quote set error = ?, quoted_at = now(), due_at = null\n" + TAKEN)) {
                return bind.text(error)
                        .text(due.model())
                        .text(due.question())
                        .integer(due.tries())
                        .update();
            }
        });
    }

    /** It is to be asked again, for this reason and after this time. */
    public void postponed(Due due, String reason, Duration again) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(
                    connection, "update quote set error = ?, due_at = now() + make_interval(secs => ?)\n" + TAKEN)) {
                return bind.text(reason)
                        .seconds(again)
                        .text(due.model())
                        .text(due.question())
                        .integer(due.tries())
                        .update();
            }
        });
    }

    private static Answer answer(ResultSet row) throws SQLException {
        BigDecimal usd = row.getBigDecimal("price_usd");
        return new Answer(
                row.getString("model"),
                row.getString("question"),
                usd == null
                        ? null
                        : new QuotedPrice(
                                usd, row.getBigDecimal("discounted_usd"), row.getBigDecimal("discount_percent")),
                row.getString("error"),
                Bind.time(row, "quoted_at"));
    }
}
