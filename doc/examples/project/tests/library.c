/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the scenario that its argument names, or tests/reads.yaml. */
#include <fusescen.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	const char *dir = getenv("srcdir");
	fusescen_report *report;
	fusescen_file *file;
	char path[4096];
	int status;

	snprintf(path, sizeof(path), "%s/tests/reads.yaml", dir ? dir : ".");
	file = fusescen_load(argc > 1 ? argv[1] : path);
	if (fusescen_errors(file)) {
		fputs(fusescen_errors(file), stderr);
		return 99;
	}
	report = fusescen_finish(fusescen_start(file, 0, NULL));
	switch (fusescen_verdict(report)) {
	case FUSESCEN_PASS:
	case FUSESCEN_XFAIL:
		status = 0;
		break;
	case FUSESCEN_SKIP:
		status = 77;
		break;
	default:
		status = 1;
	}
	printf("%s%s\n", fusescen_text(report), fusescen_summary(report));
	fusescen_report_free(report);
	fusescen_free(file);
	return status;
}
