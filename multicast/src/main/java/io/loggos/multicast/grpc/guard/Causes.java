package io.loggos.multicast.grpc.guard;

/** Failures of connections, in words for people. */
public final class Causes {
    private static final int MOST = 16;
    private static final int MOST_CHARACTERS = 300;
    /** The beginning of what Netty says of bytes that are no TLS. */
    private static final String NO_TLS = "not an SSL/TLS record";

    private Causes() {}

    /** Returns the message of the innermost cause that has one. */
    public static String innermost(Throwable failure) {
        String text = failure.getClass().getSimpleName();
        Throwable each = failure;
        for (int i = 0; i < MOST && each != null; i++) {
            text = each.getMessage() == null ? text : each.getMessage();
            each = each.getCause();
        }
        if (text.startsWith(NO_TLS)) {
            return "the other end does not speak TLS";
        }
        String line = text.replace('\n', ' ');
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }
}
