package io.wavequeue.cli.screen;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as the API writes them, no finer than people need them. */
public final class Times {

    private static final Pattern UTC = Pattern.compile("(.{10}T[0-9]{2}:[0-9]{2})(:[0-9]{2})(?:\\.[0-9]+)?Z");

    private Times() {}

    /** {@code 2026-11-30T02:14Z}; what is no time in UTC stays as it is. */
    public static String minute(String time) {
        Matcher parts = UTC.matcher(time);
        return parts.matches() ? parts.group(1) + "Z" : time;
    }

    /** {@code 2026-11-30T02:14:05Z}; what is no time in UTC stays as it is. */
    public static String second(String time) {
        Matcher parts = UTC.matcher(time);
        return parts.matches() ? parts.group(1) + parts.group(2) + "Z" : time;
    }
}
