package io.wavequeue.cli;

/** Asks before money is spent or many jobs are changed; where nobody can be asked, {@code --yes} has to say it. */
record Consent(Session session, boolean yes, boolean json) {

    /** Whether it may be done; {@code nothing} is said when it may not. */
    boolean given(String question, String nothing) {
        if (yes) {
            return true;
        }
        if (json || !session.screen().asker().present()) {
            session.err().println("wavequeue: nobody can be asked here: agree with --yes; " + nothing);
            return false;
        }
        String answer = session.screen().asker().ask(question + " [y/N] ");
        if (answer != null && answer.strip().matches("(?i)y|yes")) {
            return true;
        }
        session.out().println(nothing);
        return false;
    }
}
