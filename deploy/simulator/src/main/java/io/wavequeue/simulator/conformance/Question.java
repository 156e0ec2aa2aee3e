package io.wavequeue.simulator.conformance;

/** What the provider's documents leave open. */
enum Question {
    HISTORY_INPUT(1, "Does a history item carry the input?", "a prediction of the last 7 days: --paid makes one"),
    HISTORY_LAG(2, "How late does a prediction show up in the history?", "--paid"),
    NO_CREDIT(3, "How is a submit without credit refused?", "an account whose balance is below the price of a run"),
    ACE_STEP_SECONDS(
            4, "Which seconds does ACE-Step outpaint charge, and how rounded?", "an upload that works, or --paid"),
    RATE_LIMITS(
            5,
            "Which limit counts for audio, and do GETs count?",
            "more submits in a minute than the level allows, all paid"),
    RETRY_AFTER(6, "Does a 429 say when to come back?", "a 429, which none of these calls provokes"),
    SUBMIT_STATUS(7, "Which status does the answer to a submit show?", "--paid"),
    HISTORY_TOTAL(8, "Do history pages carry a total?", "a history that answers"),
    BILLING_TIMES(9, "Which times does the billing search take?", "a billing search that answers"),
    WEBHOOKS(
            10,
            "What is the webhook secret bound to, and when are callbacks repeated?",
            "a second key of the account, and a public address that refuses callbacks"),
    ORDER(
            11,
            "In which order are inputs, balance and limit checked?",
            "an account without credit and above its limit, with invalid inputs");

    private final int number;
    private final String text;
    private final String needs;

    Question(int number, String text, String needs) {
        this.number = number;
        this.text = text;
        this.needs = needs;
    }

    int number() {
        return number;
    }

    String text() {
        return text;
    }

    /** What it would take to ask. */
    String needs() {
        return needs;
    }
}
