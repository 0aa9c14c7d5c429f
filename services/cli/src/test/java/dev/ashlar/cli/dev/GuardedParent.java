package dev.ashlar.cli.dev;

import java.util.concurrent.CountDownLatch;

/** A process that puts the pid of its argument under guard, says so with one character, and waits to be killed. */
final class GuardedParent {
    private GuardedParent() {}

    @SuppressWarnings("resource")
    public static void main(String[] args) throws Exception {
        new Guard().add(Long.parseLong(args[0]));
        System.out.print('!');
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
