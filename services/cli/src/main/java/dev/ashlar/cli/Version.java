package dev.ashlar.cli;

import picocli.CommandLine.IVersionProvider;

/** The version from the jar's manifest, or that which a native executable was built as. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version =
                BuiltVersion.TEXT.isEmpty() ? Version.class.getPackage().getImplementationVersion() : BuiltVersion.TEXT;
        return new String[] {"ashlar " + (version == null ? "(from source)" : version)};
    }
}
