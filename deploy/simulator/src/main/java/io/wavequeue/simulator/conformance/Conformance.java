package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.catalogue.Catalogue;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The command: what it reads and writes is handed in. */
public final class Conformance {
    public static final int GOOD = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;
    private final BooleanSupplier consent;
    private final Pace pace;

    /** @param consent asks a person whether to pay; false where there is nobody to ask */
    public Conformance(
            Map<String, String> environment, PrintStream out, PrintStream err, BooleanSupplier consent, Pace pace) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.consent = consent;
        this.pace = pace;
    }

    /** Says how it ended: {@link #GOOD}, {@link #FAILED} when a check failed, {@link #USAGE} when nothing was checked. */
    public int run(List<String> arguments) throws InterruptedException {
        if (arguments.contains("--help")) {
            out.print(Options.HELP);
            return GOOD;
        }
        Options options;
        try {
            options = Options.parse(arguments, environment);
        } catch (IllegalArgumentException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
        String key = options.key();
        try (Probe probe = new Probe(options.baseUrl(), key == null ? FreeChecks.PLACEHOLDER : key, pace)) {
            return check(options, probe);
        }
    }

    private int refuse(String sentence) {
        err.println("conformance: " + sentence);
        return USAGE;
    }

    private int check(Options options, Probe probe) throws InterruptedException {
        Catalogue catalogue = Catalogue.load();
        Clip clip = new Clip(FreeChecks.listed(catalogue, FreeChecks.ACE_STEP));
        Purse purse = new Purse(options.maxUsd());
        List<Check> checks = new ArrayList<>(new FreeChecks(catalogue, clip, pace, options.key() != null).list());
        if (options.paid()) {
            checks.addAll(new PaidChecks(catalogue, clip, purse, pace).list());
        }
        checks.addAll(new AccountChecks(pace).last());
        BigDecimal estimate = checks.stream().map(Check::estimateUsd).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (options.paid()) {
            String objection = objection(options, probe, estimate);
            if (!objection.isEmpty()) {
                return refuse(objection);
            }
        }
        Report report = new Report();
        for (Check check : checks) {
            String line = report.add(check, result(check, probe));
            if (!options.json()) {
                out.println(line);
            }
        }
        tell(options, report, estimate, purse);
        return report.hasFailures() ? FAILED : GOOD;
    }

    /** Tells the sum, and why nothing may be spent; empty when it may. */
    private String objection(Options options, Probe probe, BigDecimal estimate) throws InterruptedException {
        String sum = Usd.text(estimate);
        (options.json() ? err : out)
                .println("The paid checks cost at most " + sum + " at " + options.baseUrl() + "; the cap is "
                        + Usd.text(options.maxUsd()) + ".");
        if (estimate.compareTo(options.maxUsd()) > 0) {
            return sum + " is more than --max-usd allows; nothing was sent";
        }
        if (options.mayCost() && !options.yes() && !consent.getAsBoolean()) {
            return "paying needs --yes, or \"yes\" on a terminal; nothing was sent";
        }
        JsonNode balance = balance(probe);
        if (!balance.isNumber()) {
            return "the balance cannot be read, so nothing was submitted; without --paid the free checks say more";
        }
        return balance.decimalValue().compareTo(estimate) < 0
                ? "the balance of " + Usd.text(balance.decimalValue()) + " does not cover " + sum
                        + "; nothing was submitted"
                : "";
    }

    private static JsonNode balance(Probe probe) throws InterruptedException {
        try {
            return probe.get("balance").data().path("balance");
        } catch (NoAnswerException e) {
            return Json.object().path("none");
        }
    }

    static Result result(Check check, Probe probe) throws InterruptedException {
        try {
            return check.body().run(probe);
        } catch (NoAnswerException e) {
            return new Result.Failed("an answer", e.why());
        } catch (RuntimeException e) {
            // its message may quote the answer, and with it the key
            return new Result.Failed(
                    "an answer that can be judged", "a " + e.getClass().getSimpleName() + " over it");
        }
    }

    private void tell(Options options, Report report, BigDecimal estimate, Purse purse) {
        if (options.json()) {
            out.println(Json.text(report.json(options, estimate, purse.spent())));
            return;
        }
        out.println();
        out.print(report.questions());
        if (options.paid()) {
            out.println("Spent, at listed prices unless more was seen: " + Usd.text(purse.spent()));
        }
    }
}
