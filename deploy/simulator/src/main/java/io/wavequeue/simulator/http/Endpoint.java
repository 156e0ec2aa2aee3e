package io.wavequeue.simulator.http;

import io.wavequeue.simulator.fault.FaultPhase;
import java.util.Locale;

/** What can be asked for. */
enum Endpoint {
    SUBMIT(true),
    RESULT(true),
    HISTORY(true),
    BALANCE(true),
    PRICE(true),
    MODELS(true),
    UPLOAD_TICKET(true),
    UPLOAD_PUT(false),
    OUTPUT(false),
    MEDIA(false),
    ADMIN(false),
    UNKNOWN_API(true),
    UNKNOWN(false);

    private final boolean needsKey;

    Endpoint(boolean needsKey) {
        this.needsKey = needsKey;
    }

    boolean needsKey() {
        return needsKey;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The phase whose faults spoil this endpoint's answers, beside those of before and after acceptance. */
    FaultPhase answerPhase() {
        return switch (this) {
            case RESULT -> FaultPhase.POLL;
            case OUTPUT, MEDIA -> FaultPhase.DOWNLOAD;
            case SUBMIT, HISTORY, BALANCE, PRICE, MODELS, UPLOAD_TICKET, UPLOAD_PUT, ADMIN, UNKNOWN_API, UNKNOWN ->
                FaultPhase.AFTER_ACCEPT;
        };
    }
}
