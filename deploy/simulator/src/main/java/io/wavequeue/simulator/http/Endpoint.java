package io.wavequeue.simulator.http;

import io.wavequeue.simulator.fault.FaultPhase;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be asked for. */
enum Endpoint {
    SUBMIT(true),
    RESULT(true),
    HISTORY(true),
    BALANCE(true),
    PRICE(true),
    MODELS(true),
    DELETE(true),
    BILLING(true),
    USAGE(true),
    WEBHOOK_SECRET(true),
    OLDER(true),
    UPLOAD_TICKET(true),
    UPLOAD_BINARY(true),
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

    /** Whether it is a file's own address, where no API key belongs. */
    boolean isFile() {
        return this == OUTPUT || this == MEDIA || this == UPLOAD_PUT;
    }

    boolean takesFiles() {
        return this == UPLOAD_PUT || this == UPLOAD_BINARY || this == OLDER;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of those that a fault may strike. */
    static Set<String> texts() {
        return Arrays.stream(values())
                .filter(endpoint -> endpoint != ADMIN && endpoint != UNKNOWN && endpoint != UNKNOWN_API)
                .map(Endpoint::text)
                .collect(Collectors.toSet());
    }

    /** The phase whose faults spoil this endpoint's answers, beside those of before and after acceptance. */
    FaultPhase answerPhase() {
        return switch (this) {
            case RESULT -> FaultPhase.POLL;
            case OUTPUT, MEDIA -> FaultPhase.DOWNLOAD;
            case SUBMIT,
                    HISTORY,
                    BALANCE,
                    PRICE,
                    MODELS,
                    DELETE,
                    BILLING,
                    USAGE,
                    WEBHOOK_SECRET,
                    OLDER,
                    UPLOAD_TICKET,
                    UPLOAD_BINARY,
                    UPLOAD_PUT,
                    ADMIN,
                    UNKNOWN_API,
                    UNKNOWN -> FaultPhase.AFTER_ACCEPT;
        };
    }
}
