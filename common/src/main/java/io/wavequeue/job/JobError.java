package io.wavequeue.job;

/**
 * Why a job or an attempt ended as it did.
 *
 * @param errorClass the class, part of the REST contract
 * @param message one sentence for a person; never a prompt, a key or a provider's body
 * @param retryable whether the same request may succeed as a new attempt
 */
public record JobError(ErrorClass errorClass, String message, boolean retryable) {
    private static final int LONGEST = 500;

    public JobError {
        if (message.isBlank()) {
            throw new IllegalArgumentException("an error of class " + errorClass + " has no message");
        }
        message = storable(message);
    }

    /** An error of the class with its usual retryability. */
    public static JobError of(ErrorClass errorClass, String message) {
        return new JobError(errorClass, message, errorClass.isRetryable());
    }

    /** Messages may quote the provider: what PostgreSQL cannot store is replaced, what is endless is cut. */
    private static String storable(String message) {
        StringBuilder text = new StringBuilder(Math.min(message.length(), LONGEST));
        message.codePoints()
                .limit(LONGEST)
                .map(c -> c == '\n' || c == '\t' ? ' ' : c)
                .map(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF) ? '?' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}
