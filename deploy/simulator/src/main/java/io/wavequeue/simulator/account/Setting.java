package io.wavequeue.simulator.account;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be changed while the simulator runs. Its name is the field of {@code PATCH /admin/config} and, with
 * dashes, the option of the command line. Where public pages contradict each other about the provider, there is a
 * setting that plays either side; its default is the side that the official clients agree with.
 *
 * @param <T> what its text is read as
 */
public final class Setting<T> {
    private static final List<Setting<?>> LIST = new ArrayList<>();
    private static final int USD_PLACES = 6;
    private static final int USD_DIGITS = 12;
    private static final Duration LONGEST = Duration.ofDays(3_650);

    /** Bytes that a file may have, whatever {@code max_upload} says. */
    public static final int LARGEST_FILE = 200 << 20;

    // The account
    public static final Setting<String> KEY = text("key", "", "let only this API key in; without it any key");
    public static final Setting<LatencyProfile> LATENCY = new Setting<>(
            "latency",
            "instant",
            "instant, demo, real, fixed:MS or lognormal:MEDIAN_MS:SIGMA, then ,MODEL=fixed:MS for exceptions",
            LatencyProfile::parse);
    public static final Setting<Integer> SUBMITS_PER_MINUTE =
            count("submits_per_minute", 0, "in any 60 s; more are answered 429; 0 = no limit");
    public static final Setting<String> LIMIT_COUNTS =
            choice("limit_counts", "what the minute's limit counts", "submits", "all");
    public static final Setting<Integer> MAX_IN_FLIGHT = count("max_in_flight", 0, "running at once; 0 = no limit");
    public static final Setting<String> OVER_IN_FLIGHT =
            choice("over_in_flight", "what is above it: accepted and waiting, or 429", "queue", "429");
    public static final Setting<Boolean> RETRY_AFTER = flag("retry_after", true, "whether 429 says when to come back");

    // Money
    public static final Setting<BigDecimal> BALANCE = new Setting<>("balance", "1000", "USD", Setting::usd);
    public static final Setting<String> INSUFFICIENT_BALANCE = choice(
            "insufficient_balance", "how it is refused; 1407 comes with HTTP 400", "402", "1407", "403", "message");
    public static final Setting<String> ACE_STEP_BASIS = choice(
            "ace_step_basis", "seconds that ACE-Step charges: added ones, or the source's too", "extension", "output");
    public static final Setting<String> ACE_STEP_ROUNDING =
            choice("ace_step_rounding", "of the seconds charged", "none", "ceil");
    public static final Setting<String> FLAT_PRICE = choice(
            "flat_price", "whether Stable Audio 3 costs the same always, or by length (of 30 s)", "flat", "scaled");
    public static final Setting<ByModel> PRICE_FACTOR =
            new Setting<>("price_factor", "1", "times the listed prices, then ,MODEL=2 for exceptions", ByModel::parse);
    public static final Setting<Integer> DISCOUNT_PERCENT = percent("discount_percent", "off every price");
    public static final Setting<Duration> REFUND_DELAY =
            time("refund_delay", "1h", "from a failure to its refund: 0, 500ms, 30s, 1h");
    public static final Setting<Integer> DELETED_REFUND_PERCENT =
            percent("deleted_refund_percent", "given back for what was cancelled or deleted under way");

    // What answers look like
    public static final Setting<String> SUBMIT_STATUS = choice(
            "submit_status",
            "status in a submit's answer; current shows what has become of it",
            "created",
            "processing",
            "pending",
            "queued",
            "current");
    public static final Setting<String> FIELDS =
            choice("fields", "whether predictions carry every field or only id, status and outputs", "all", "few");
    public static final Setting<Boolean> RESULT_INPUT =
            flag("result_input", false, "whether results carry the prediction's input");
    public static final Setting<String> POLL_URL =
            choice("poll_url", "how urls.get ends, if it is there", "result", "bare", "none");
    public static final Setting<String> NSFW =
            choice("nsfw", "has_nsfw_contents: a list, null or absent", "list", "null", "absent");
    public static final Setting<String> TIME_FRACTION =
            choice("time_fraction", "of created_at", "micros", "millis", "nanos", "none");
    public static final Setting<String> ID_STYLE = choice("id_style", "prediction ids", "hex", "pred", "task");
    public static final Setting<String> ENVELOPE =
            choice("envelope", "whether answers are wrapped in code, message, data", "wrapped", "bare");
    public static final Setting<Boolean> OLDER_API =
            flag("older_api", false, "whether the paths of the older documents answer too, instead of 404");
    public static final Setting<String> ACE_STEP_BEFORE =
            choice("ace_step_before", "extend_before_duration is", "optional", "required");

    // History and bill
    public static final Setting<Boolean> HISTORY_INPUT =
            flag("history_input", true, "whether history items carry their input");
    public static final Setting<String> HISTORY_INPUT_NAME =
            choice("history_input_name", "and under which name", "input", "inputs");
    public static final Setting<Boolean> HISTORY_TOTAL =
            flag("history_total", true, "whether history pages carry a total");
    public static final Setting<Duration> HISTORY_LAG =
            time("history_lag", "0", "how late a prediction shows up in the history");
    public static final Setting<Integer> HISTORY_PAGE_SIZE =
            count("history_page_size", 0, "items per history page whatever was asked for; 0 = as asked");
    public static final Setting<String> HISTORY_UNKNOWN_STATUS =
            choice("history_unknown_status", "answer to a status filter that nobody knows", "empty", "400");
    public static final Setting<String> BILLING_TIME =
            choice("billing_time", "times that the billing search takes", "any", "iso", "epoch");
    public static final Setting<String> BILLING_PAGING =
            choice("billing_paging", "what billing pages say about the rest", "total", "has_more");
    public static final Setting<String> DELETED =
            choice("deleted", "what the result of a deleted prediction answers", "404", "status");

    // Sync mode, webhooks, uploads
    public static final Setting<Duration> SYNC_WAIT = time("sync_wait", "120s", "how long sync mode holds a submit");
    public static final Setting<String> SYNC_END =
            choice("sync_end", "and what it answers then: code 5004, or a gateway's 504", "5004", "504");
    public static final Setting<String> WEBHOOK_SECRET_SCOPE =
            choice("webhook_secret_scope", "one secret for", "account", "key");
    public static final Setting<Duration> WEBHOOK_TIMEOUT =
            time("webhook_timeout", "10s", "how long a receiver may take");
    public static final Setting<Duration> WEBHOOK_RETRY_DELAY =
            time("webhook_retry_delay", "1s", "before the first of three retries, then doubled");
    public static final Setting<Boolean> WEBHOOK_HTTPS =
            flag("webhook_https", false, "whether webhook URLs have to be https");
    public static final Setting<Integer> MAX_UPLOAD =
            upTo("max_upload", LARGEST_FILE, LARGEST_FILE, "bytes; larger files are refused with 413");

    private final String name;
    private final String standard;
    private final String help;
    private final Function<String, T> reader;

    private Setting(String name, String standard, String help, Function<String, T> reader) {
        this.name = name;
        this.standard = standard;
        this.help = help;
        this.reader = reader;
        LIST.add(this);
    }

    /** Every setting, in the order of the help text. */
    public static List<Setting<?>> all() {
        return List.copyOf(LIST);
    }

    public static @Nullable Setting<?> find(String name) {
        return LIST.stream()
                .filter(setting -> setting.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    public String name() {
        return name;
    }

    /** The text of its default. */
    public String standard() {
        return standard;
    }

    public String help() {
        return help;
    }

    /** @throws IllegalArgumentException with a sentence that names the setting, what it takes and what it got */
    T read(String text) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " must be " + e.getMessage() + ", not \"" + text + "\"", e);
        }
    }

    private static Setting<String> text(String name, String standard, String help) {
        return new Setting<>(name, standard, help, text -> text);
    }

    private static Setting<Boolean> flag(String name, boolean standard, String help) {
        List<String> choices = List.of("true", "false");
        return new Setting<>(name, Boolean.toString(standard), help, text -> Boolean.valueOf(oneOf(choices, text)));
    }

    /** The first choice is the default. */
    private static Setting<String> choice(String name, String help, String... choices) {
        List<String> list = List.of(choices);
        return new Setting<>(name, list.getFirst(), help + ": " + String.join(", ", list), text -> oneOf(list, text));
    }

    private static String oneOf(List<String> choices, String text) {
        if (!choices.contains(text)) {
            throw new IllegalArgumentException("one of " + String.join(", ", choices));
        }
        return text;
    }

    private static Setting<Integer> count(String name, int standard, String help) {
        return upTo(name, standard, Integer.MAX_VALUE, help);
    }

    private static Setting<Integer> percent(String name, String help) {
        return upTo(name, 0, 100, help);
    }

    private static Setting<Integer> upTo(String name, int standard, int most, String help) {
        return new Setting<>(name, Integer.toString(standard), help, text -> wholeNumber(text, most));
    }

    private static Integer wholeNumber(String text, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the sentence below says what is expected
        }
        throw new IllegalArgumentException("a whole number from 0" + (most == Integer.MAX_VALUE ? "" : " to " + most));
    }

    private static BigDecimal usd(String text) {
        String rule = "USD with at most " + USD_DIGITS + " digits and 6 decimals";
        try {
            BigDecimal usd = new BigDecimal(text);
            if ((long) usd.precision() - usd.scale() <= USD_DIGITS) {
                return usd.setScale(USD_PLACES, RoundingMode.UNNECESSARY);
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(rule, e);
        }
        throw new IllegalArgumentException(rule);
    }

    private static Setting<Duration> time(String name, String standard, String help) {
        return new Setting<>(name, standard, help, Setting::duration);
    }

    /** Reads {@code 0}, {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h} or {@code 8d}. */
    public static Duration duration(String value) {
        String text = value.toLowerCase(Locale.ROOT);
        try {
            Duration time =
                    switch (text.endsWith("ms") ? "ms" : text.endsWith("d") ? "d" : text) {
                        case "ms" -> Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
                        case "d" -> Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1)));
                        case "0" -> Duration.ZERO;
                        default -> Duration.parse("PT" + text);
                    };
            if (!time.isNegative() && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        } catch (ArithmeticException | NumberFormatException | DateTimeParseException e) {
            // the sentence below says what is expected
        }
        throw new IllegalArgumentException("a time such as 500ms, 30s or 1h, at most 3650d");
    }
}
